"""What the policy says, and the engine that finds it. Public face: load_engine, Engine, Reply.

Imports neither rasa nor rasa_sdk; answers at a plain prompt (`make ask`).
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime reports to its maker, unless told before it is first imported
