"""Masks who and where: names, phone numbers, e-mail addresses, handles and links become [name], [phone] and so on.

Called by what stores or logs (bot/tracker.py, bot/log.py, the gateway). It imports nothing of Rasa, runs on Python 3.10
and 3.11, and never sees or decides what advice is given. docs/decisions/0011-masking.md
"""
