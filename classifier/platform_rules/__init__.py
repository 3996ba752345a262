"""What platforms ask of parody, fan and commentary accounts, as data, and what an account misses of it.

A JSON file a platform says where the label must stand, in which words, and whether the picture must differ. All of it
is advice about a milder measure: no verdict is changed by it.
"""
