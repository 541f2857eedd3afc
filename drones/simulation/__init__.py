"""A drone that is not there: it pushes a clip and says where it is through the doors that a real one uses.

Nothing here imports the domain; what it knows, it learned by HTTP and from the seed's file.
"""
