"""Checks that ARCHITECTURE.md tells the truth of src/: which room imports which, and that no file is in a circle of imports.

The rooms are the block of ARCHITECTURE.md after the words "who may import whom": a line for each, and it may only name rooms of lines
above it. A file belongs to the room with the longest name that fits. Imports are resolved through re-exports to the file that defines a
name; what a file only re-exports is no import of its own. Unit tests do not count, nor do programs (src/bin): each is a crate of its
own, and sees what every caller of the library sees.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
MAX_LINES, MAX_SHARE = 600, 0.40

USE = re.compile(r"(?m)^\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);")


def module_of(path):
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return parts[:-1] if parts[-1] in ("mod", "lib") else parts


def code_of(path):
    """The text without comments, strings, scopes of visibility, unit tests and declarations of modules."""
    text = re.sub(r"//[^\n]*", "", path.read_text())
    text = re.sub(r"\bpub\(in [^)]*\)", "pub(super)", text)
    text = re.sub(r'"(\\.|[^"\\])*"', '""', text)
    text = re.split(r"\n#\[cfg\((?:test|all\(test[^\n]*)\)\]\n(?:#\[[^\]]*\]\n)*mod \w+ \{", text)[0]
    return re.sub(r"(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?mod \w+;", "", text)


def leaves(tree, before=()):
    """The paths that a `use` names, each with the name that it gets here."""
    tree = tree.strip()
    if tree.startswith("{"):
        depth, start = 0, 1
        for place, character in enumerate(tree):
            depth += {"{": 1, "}": -1}.get(character, 0)
            if (depth, character) in ((1, ","), (0, "}")):
                yield from leaves(tree[start:place], before)
                start = place + 1
    elif found := re.match(r"(\w+|\*)\s*(?:as\s+(\w+)\s*)?(::)?", tree):
        if found[3]:
            yield from leaves(tree[found.end():], before + (found[1],))
        else:
            path = before if found[1] == "self" else before + (found[1],)
            yield path, found[2] or path[-1]


class Tree:
    """The files of src/ and what each imports."""

    def __init__(self):
        parts = {path: path.relative_to(SOURCE).with_suffix("").parts for path in sorted(SOURCE.rglob("*.rs"))}
        paths = [path for path, parts in parts.items() if "tests" not in parts and parts[0] != "bin"]
        self.code = {module_of(path): code_of(path) for path in paths}
        self.names = {module: {name: path for _, path, name in self._uses(module)} for module in self.code}
        self.imports = {module: self._imports_of(module) for module in self.code}

    def _uses(self, module):
        for is_public, tree in USE.findall(self.code[module]):
            for path, name in leaves(tree):
                if absolute := self._absolute(path, module):
                    yield is_public, absolute, name

    def _absolute(self, path, module):
        if path[0] == "crate":
            return path[1:]
        if path[0] == "self":
            return module + path[1:]
        while path and path[0] == "super":
            module, path = module[:-1], path[1:]
            if not path or path[0] != "super":
                return module + path
        return module + path if module + path[:1] in self.code else None

    def file_of(self, path, seen=()):
        """The file that defines what a path names."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.code:
                renamed = self.names[path[:length]].get(path[length]) if length < len(path) else None
                if renamed and path not in seen:
                    return self.file_of(renamed + path[length + 1:], seen + (path,))
                return path[:length]

    def _imports_of(self, module):
        body = USE.sub("", self.code[module])
        used = [path for is_public, path, name in self._uses(module) if not is_public or re.search(rf"\b{name}\b", body)]
        inline = re.findall(r"\b((?:crate|super|self)(?:::\w+)+)", body)
        used += [self._absolute(tuple(path.split("::")), module) for path in inline]
        return {self.file_of(path) for path in used if path} - {module, None}

    def circles(self):
        """Sets of files that reach each other."""
        def reached(module):
            found, left = set(), [module]
            while left:
                new = self.imports[left.pop()] - found
                found |= new
                left += new
            return found
        reach = {module: reached(module) for module in self.code}
        return {frozenset(other for other in reach[module] if module in reach[other]) for module in reach if module in reach[module]}


def rooms():
    """For each room of ARCHITECTURE.md, those that it may import."""
    block = re.search(r"who may import whom.*?```text\n(.*?)```", ROOT.joinpath("ARCHITECTURE.md").read_text(), re.DOTALL)
    allowed = {}
    for line in block[1].splitlines():
        room, _, others = line.partition(":")
        others = others.split()
        if unknown := [other for other in others if other not in allowed]:
            sys.exit(f"ARCHITECTURE.md: {room} may not import {', '.join(unknown)}, which is not above it")
        allowed[room.strip()] = others
    return allowed


def main():
    tree, allowed, wrong = Tree(), rooms(), []

    def room_of(module):
        names = ["/".join(module[:length]) for length in range(len(module), 0, -1)]
        return next((name for name in names if name in allowed), None)

    for module, imports in tree.imports.items():
        room = room_of(module)
        if room is None and module:
            wrong.append(f"{'/'.join(module)} is in no room of ARCHITECTURE.md")
        for other in sorted(imports if module else ()):
            if room_of(other) not in (room, *allowed.get(room, ())):
                wrong.append(f"{'/'.join(module)} imports {'/'.join(other) or 'lib'}, which is not below it")
    wrong += [f"a circle of imports: {', '.join(sorted('/'.join(module) for module in circle))}" for circle in tree.circles()]
    sizes = {path.relative_to(SOURCE): path.read_text().count("\n") for path in SOURCE.rglob("*.rs")}
    wrong += [f"{path} has {size} lines, more than {MAX_LINES}" for path, size in sizes.items() if size > MAX_LINES]
    for folder in {path.parts[0] for path in sizes}:
        share = sum(size for path, size in sizes.items() if path.parts[0] == folder) / sum(sizes.values())
        if share > MAX_SHARE:
            wrong.append(f"{folder} is {share:.0%} of src/, more than {MAX_SHARE:.0%}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
