"""What the fault tests are made of: a practice full of due reminders, an SMSC with faults, lives that end early, and the
oracle that counts from outside. No scenario lives here.
"""
