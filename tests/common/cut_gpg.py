"""A gpg that ends early: `cut_gpg.py GPG HOW ARGUMENT…` runs GPG, and where a message is verified and the file HOW
exists ("LINES kill" or "LINES exit"), lets only so many of its status lines through, and with fewer than 99 never the one that makes a
verdict, VALIDSIG; then it ends so itself."""

import os
import signal
import sys

gpg, how, *arguments = sys.argv[1:]
if "--output" not in arguments or not os.path.exists(how):
    os.execv(gpg, [gpg, *arguments])
lines, ending = open(how).read().split()
at = arguments.index("--status-fd") + 1
status = int(arguments[at])
readable, writable = os.pipe()
os.set_inheritable(writable, True)
arguments[at] = str(writable)
if os.fork() == 0:
    os.execv(gpg, [gpg, *arguments])
os.close(writable)
with open(readable, "rb") as pipe:
    said = pipe.read().splitlines(keepends=True)
os.wait()
verdict = next((at for at, line in enumerate(said) if b" VALIDSIG " in line), len(said))
count = int(lines) if int(lines) >= 99 else min(int(lines), verdict)
os.write(status, b"".join(said[:count]))
if ending == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
os._exit(2)
