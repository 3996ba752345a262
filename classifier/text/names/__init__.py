"""How many people bear which given and family names, in 25 languages, and the script that regenerates the tables."""
