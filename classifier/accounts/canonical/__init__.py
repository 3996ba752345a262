"""The canonical form of who an account is: platform, host, handle and id as every door reads them.

People and programs write the same account in many ways. Here each way is read as what it says, or refused with the
remedy; nothing is guessed. Pure: no clock, no IO.
"""
