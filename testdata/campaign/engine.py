"""The library as a judge: the example `evaluate`, which stays alive and answers line by line."""

import json
import pathlib
import re
import shutil
import subprocess

from clock import AT, rfc3339
from workshop import IMAGE, policy, signed_by

# The signature was good, and what it signs is not of this image.
AFTER_THE_SIGNATURE = {"payload-invalid", "digest-mismatch", "identity-mismatch"}

# The code of an answer that did not come.
DIED = "engine-dies"


class Answer:
    """What the library says to a case."""

    def __init__(self, answer):
        self.code, self.message = answer["code"], answer["message"]
        signer = re.search(r"signed by ([0-9A-Fa-f]{32,})", self.message)
        self.accepts = answer["verdict"] == "accept" or self.code in AFTER_THE_SIGNATURE
        self.primary_key = signer.group(1).upper() if answer["verdict"] == "accept" and signer else None


class Engine:
    """A process of `evaluate` with one engine, whose files are in `folder`."""

    def __init__(self, program, name, folder):
        self._folder = pathlib.Path(folder) / f"engine-{name}"
        self._folder.mkdir(parents=True)
        self._command = [program, "--root", self._folder, "--engine", name, "--crypto-policy", "gnupg"]
        self._start()

    def _start(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def judge(self, cases):
        """The answers to these cases."""
        lines = []
        for number, case in enumerate(cases):
            key_files = [self._write(f"k{number}-{index}", octets) for index, octets in enumerate(case.key_files)]
            question = {"name": str(number), "policy": policy(signed_by(key_files)), "image": IMAGE, "at": rfc3339(AT),
                        "signatures": [self._write(f"m{number}", case.message)]}
            lines.append(json.dumps(question) + "\n")
        answers = []
        for line in lines:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            if answer:
                answers.append(Answer(json.loads(answer)))
            else:
                # No case may end the process.
                status = self._process.wait()
                answers.append(Answer({"verdict": "error", "code": DIED, "message": f"the engine ends with {status}"}))
                self._start()
        return answers

    def _write(self, name, octets):
        self._folder.joinpath(name).write_bytes(octets)
        return name

    def close(self):
        """Ends the process and removes its files."""
        self._process.stdin.close()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
