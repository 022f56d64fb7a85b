"""The real gpg as a judge: a batch of cases in one key ring and two processes.

The options are those of the library's engines on GnuPG (`src/engine/gnupg/home.rs`); `check_options` fails when they are no longer.
"""

import pathlib
import re
import shutil
import subprocess

from clock import AT, CREATED
from gpg import faked_time
from openpgp.keys import Certificate, key

OPTIONS = [
    "batch", "no-tty", "no-autostart", "disable-dirmngr", "no-auto-key-retrieve", "no-auto-key-locate", "trust-model direct",
    "no-auto-check-trustdb", "no-random-seed-file", "no-default-keyring", "keyring pubring.kbx", "no-allow-multiple-messages",
    "require-cross-certification",
]
MAX_OUTPUT = 64 * 1024 * 1024 + 1

# Keywords of `--status-fd` (doc/DETAILS of GnuPG): one for each signature that was checked, and what belongs to no good message. Not FAILURE: gpg says so
# at its end of anything odd in its key ring, and libgpgme does not pass it on.
OUTCOMES = ("GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG")
OBJECTIONS = ("NODATA", "UNEXPECTED")

DIED = "gpg dies"


def check_options(root):
    """Fails if the library's engines give gpg other options than the campaign."""
    source = root.joinpath("src/engine/gnupg/home.rs").read_text()
    body = source[source.index("fn configuration(") :]
    named = re.findall(r'"([a-z][^"{}!]*)"\.to_owned\(\)', body[: body.index("lines.join")])
    if named != OPTIONS:
        raise SystemExit(f"campaign: the engines' options for gpg are no longer those of the campaign: {sorted(set(named) ^ set(OPTIONS))}")


def version(program):
    """The release of a gpg; ends the campaign if it does not run."""
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, check=True)
        return re.search(rb"gpg \(GnuPG\) (\d+\.\d+\.\d+)", done.stdout).group(1).decode()
    except (OSError, subprocess.CalledProcessError, AttributeError) as error:
        raise SystemExit(f"campaign: there is no gpg at {program}: {error} (tests/peers.sh makes that of Debian 13)") from None


class Gpg:
    """One release of gpg; `folder` is for its home directory."""

    def __init__(self, program, folder):
        # It runs in a folder of its own.
        self.program = shutil.which(program) and str(pathlib.Path(shutil.which(program)).absolute())
        self.version = version(program)
        self._folder = pathlib.Path(folder) / self.version
        self.processes = 0

    def judge(self, cases):
        """For each case the fingerprint of the primary key whose good signature its message is, or why there is none in brackets."""
        self._begin()
        dead = self._import(cases)
        answers = self._verify(cases)
        # `--verify-files` takes some packets for unexpected that gpg without a command passes over.
        return [self.judge_exactly(case) if number in dead or "UNEXPECTED" in answer else answer
                for number, (case, answer) in enumerate(zip(cases, answers))]

    def judge_exactly(self, case):
        """The same for one case as the engines ask: a process for each key file, the message without a command.

        Where gpg dies over a key file, what it has of others counts: libgpgme does not tell containers/image of it.
        """
        self._begin()
        for number, octets in enumerate(case.key_files):
            self._run("--import", self._write(f"key-{number}", octets))
        message = self._write("message", case.message)
        status, code = self._run("--output", self._folder / "output", message)
        return f"({DIED})" if code < 0 else verdict(status.splitlines())

    def _begin(self):
        shutil.rmtree(self._folder, ignore_errors=True)
        home = self._folder / "home"
        home.mkdir(mode=0o700, parents=True)
        lines = OPTIONS + [f"max-output {MAX_OUTPUT}", f"faked-system-time {faked_time(AT)}", ""]
        home.joinpath("gpg.conf").write_text("\n".join(lines))

    def _write(self, name, octets):
        path = self._folder / name
        path.write_bytes(octets)
        return path

    def _run(self, *arguments):
        self.processes += 1
        command = [self.program, "--homedir", self._folder / "home", "--quiet", "--status-fd", "1", *arguments]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120,
                                  env={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}, cwd=self._folder, check=False)
        except subprocess.TimeoutExpired:
            return "", -1
        return done.stdout.decode("utf-8", "replace"), done.returncode

    def _import(self, cases):
        """Imports the key files of all cases; returns the numbers of those over which gpg died.

        A known key stands behind each case's files, so that its status lines tell how far gpg came.
        """
        certificate = Certificate(key("campaign-sentinel", CREATED), "Sentinel <sentinel@example.org>")
        sentinel = self._write("sentinel", certificate.public())
        mark = f"IMPORT_OK 0 {certificate.primary.fingerprint.hex().upper()}"
        files = [[*(self._write(f"k{number}-{index}", octets) for index, octets in enumerate(case.key_files)), sentinel]
                 for number, case in enumerate(cases)]
        dead, first = set(), 0
        while first < len(cases):
            # Once in front: it is new only then, and has another mark.
            status, _ = self._run("--import", *([] if first else [sentinel]), *(path for paths in files[first:] for path in paths))
            first += status.count(mark)
            if first < len(cases):
                dead.add(first)
                first += 1
        return dead

    def _verify(self, cases):
        """What gpg says to each message. Not in batch mode, in which it ends after a bad signature."""
        messages = [self._write(f"m{number}", case.message) for number, case in enumerate(cases)]
        answers = []
        while len(answers) < len(cases):
            status, _ = self._run("--no-batch", "--verify-files", *messages[len(answers):])
            blocks = re.split(r"^\[GNUPG:\] FILE_START ", status, flags=re.MULTILINE)[1:]
            for block in blocks:
                own, done, _ = block.partition("[GNUPG:] FILE_DONE")
                answers.append(verdict(own.splitlines()) if done else f"({DIED})")
            if not blocks:
                answers.append(f"({DIED})")
        return answers


def verdict(lines):
    """What status lines say: as containers/image asks gpg by gpgme, exactly one good signature and no objection."""
    words = [line.split()[1:] for line in lines if line.startswith("[GNUPG:] ")]
    outcomes = [word[0] for word in words if word and word[0] in OUTCOMES]
    objections = [word[0] for word in words if word and word[0] in OBJECTIONS]
    valid = [word for word in words if word and word[0] == "VALIDSIG"]
    if outcomes == ["GOODSIG"] and not objections and len(valid) == 1:
        return valid[0][-1]
    return f"({' '.join(outcomes + objections) or 'nothing'})"
