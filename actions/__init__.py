"""Custom actions: read the conversation, ask the engine, draw its reply, return events. They never decide."""
