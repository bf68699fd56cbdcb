"""What the policy says, and the engine that finds it. Public face: load_engine, Engine, Reply.

Imports neither rasa nor rasa_sdk; answers at a plain prompt (`make ask`).
"""
