"""A value is made when it is first asked for, once an object."""

from classifier.utils.made_once import made_once


class Counted:
    def __init__(self) -> None:
        self.made = 0

    @made_once
    def value(self) -> list[int]:
        """What was made."""
        self.made += 1
        return [self.made]


def test_it_is_made_when_asked_for_and_once_for_each_object() -> None:
    one, other = Counted(), Counted()
    assert one.made == 0
    assert one.value is one.value
    assert (one.made, other.made) == (1, 0)
    assert other.value == [1]


def test_the_class_has_the_form_itself_and_its_description() -> None:
    assert isinstance(Counted.value, made_once)
    assert Counted.value.__doc__ == "What was made."
