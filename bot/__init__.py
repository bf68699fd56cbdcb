"""How people reach Whatnow: what runs inside Rasa, and what starts and talks to it.

Imports neither actions nor knowledge.
"""
