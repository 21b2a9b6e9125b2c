"""
The only way to write. An action is one function and one transaction: the change and its audit entry together,
by whom and because what. Nothing is saved when either cannot be.
"""
