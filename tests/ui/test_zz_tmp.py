import difflib, pathlib, tests.ui.rooms as r
def ag(app, name):
    shown = r.screen_text(app)+"\n"; old=(r.GOLDEN/f"{name}.txt").read_text()
    if shown!=old:
        print(name); print("\n".join(difflib.unified_diff(old.splitlines(), shown.splitlines(), lineterm="", n=0)))
import tests.ui.test_round_screen as t
t.assert_golden = ag
from tests.ui.test_round_screen import *
