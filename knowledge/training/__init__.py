"""Guided scenario training on the same procedures and clauses that advice is given from, with a record that counts.

Scenarios are data (knowledge/scenarios/); a course is a state that moves by choices (course), a desk takes one person's
turn (desk), the record is append-only (record). Called by the actions and the command line; it knows no channel.
"""
