"""What stands in an address field and is no address, told apart before its elements are read.

A text is laid on a `Canvas`; each module takes its own kind out of it. What is certain from its
form goes before division names are looked for (`certain.take_certain`), what needs their
neighbourhood after (`around.take_beside_names`).
"""
