"""The front door: the only process that listens beyond this machine, and the only way to a conversation.

Its channels (the web today) take what a person sends, make sure who may say it, and draw nothing: the reply object goes
on as it came. It runs on Python 3.11, in front of Rasa, and imports neither rasa nor knowledge.
"""
