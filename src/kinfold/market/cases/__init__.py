"""Cases of the regulator as journals: each line by whom, when and why, sealed to the one before; a state is what the lines make."""
