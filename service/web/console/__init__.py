"""The pages for people: a person signs in, checks an account, answers for others, and sees what became of it.

HTML, style sheets and one script of this host; everything works without the script. ``templates`` makes
them, ``session_guard`` says who asks, and each ``..._pages`` has the routes of one page; ``routes`` lists them.
"""
