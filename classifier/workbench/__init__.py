"""The workbench: whatever the command line does, as one short call in Python, with DataFrames in and out.

``workbench`` has the calls, ``results`` and ``certified`` what they return, ``options`` the names and types of what
they hand on. It may import every package of the classifier but ``cli``.
"""

from classifier.workbench.certified import Certified
from classifier.workbench.results import Card, Evaluation, Fitted, Trained
from classifier.workbench.workbench import Workbench

__all__ = ["Card", "Certified", "Evaluation", "Fitted", "Trained", "Workbench"]
