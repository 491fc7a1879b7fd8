"""What the end-to-end and the browser tests share: processes, the program, its server, its API, the foreign peers.

No test and no rule of Vortag lives here.
"""
