"""
What takes long, done in the background and safe to interrupt.

`queue.py` is the leased job table; `tasks.py` names what can be done; `worker.py` does it.
"""
