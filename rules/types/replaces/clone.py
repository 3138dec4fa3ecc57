"""The Go source of a provider, out of a git clone."""

import io, re, subprocess, tarfile

import tree_sitter_go
from tree_sitter import Language, Parser

PARSER = Parser(Language(tree_sitter_go.language()))


def text(node):
    return node.text.decode()


def children(node, kind):
    return [child for child in node.named_children if child.type == kind]


def within(node, kinds, into_functions=True):
    """Every node of these kinds below this one, in the order of the source."""
    found, left = [], [node]
    while left:
        each = left.pop()
        if each.type in kinds:
            found.append(each)
        if into_functions or each.type != "func_literal" or each == node:
            left.extend(reversed(each.named_children))
    return found


class File:
    """One Go file: what it imports, by the name that its code uses."""

    def __init__(self, package, source):
        self.package = package
        self.root = PARSER.parse(source).root_node
        self.imports = {}
        for spec in within(self.root, {"import_spec"}):
            path = text(spec.child_by_field_name("path")).strip('"')
            name = spec.child_by_field_name("name")
            last = re.sub(r"/v\d+$", "", path).split("/")[-1]
            self.imports[text(name) if name else last] = path


class Package:
    def __init__(self, sources):
        self.functions, self.methods, self.values = {}, {}, {}
        for source in sources:
            file = File(self, source)
            for node in file.root.named_children:
                if node.type == "function_declaration":
                    self.functions[text(node.child_by_field_name("name"))] = (file, node)
                elif node.type == "method_declaration":
                    receiver = re.search(r"(\w+)(\[.*\])?\s*\)$", text(node.child_by_field_name("receiver")))
                    self.methods[receiver[1], text(node.child_by_field_name("name"))] = (file, node)
                elif node.type in ("var_declaration", "const_declaration"):
                    for spec in within(node, {"var_spec", "const_spec"}, into_functions=False):
                        value = spec.child_by_field_name("value")
                        if value and value.named_children:
                            for name in spec.children_by_field_name("name"):
                                self.values[text(name)] = (file, value.named_children[0])


class Provider:
    """A clone of a provider: its files, its packages as they are asked for."""

    def __init__(self, clone, module, folders, suffix=".go"):
        self.clone, self.module, self.cache = clone, module, {}
        self.folders = {}
        for folder, inside in folders.items():
            done = subprocess.run(["git", "-C", clone, "archive", f"HEAD:{inside}"], check=True, capture_output=True)
            for member in tarfile.open(fileobj=(tar := io.BytesIO(done.stdout))):
                if member.isfile() and member.name.endswith(suffix) and not member.name.endswith("_test.go"):
                    path = f"{folder}/{member.name}"
                    start = member.offset_data
                    bytes = tar.getbuffer()[start : start + member.size].tobytes()
                    self.folders.setdefault(path.rpartition("/")[0], {})[path.rpartition("/")[2]] = self.mend(path, bytes)

    def mend(self, path, source):
        return source

    def package(self, path):
        if path not in self.cache:
            files = self.folders.get(path)
            self.cache[path] = Package(files.values()) if files else None
        return self.cache[path]

    def version(self):
        log = subprocess.run(["git", "-C", self.clone, "log", "-1", "--format=%H %cs %s"], check=True, capture_output=True)
        commit, day, title = log.stdout.decode().strip().split(" ", 2)
        return commit, day, title


class Index(Provider):
    """The clone that has a file for each declaration."""

    def mend(self, path, source):
        # The whole import path stands where Go wants the package's name, and a value stands without its keyword.
        source = re.sub(rb"^package .*", b"package p", source, count=1)
        if "/var." in path:
            head, found, rest = source.partition(b"\n)\n")
            if not found or not head.startswith(b"package p\nimport ("):
                head, _, rest = source.partition(b"\n")
                found = b"\n"
            source = head + found + b"var (\n" + rest + b"\n)\n"
        return source


def entries(provider, path, pattern):
    for name, source in provider.folders[path].items():
        for found in re.finditer(pattern, source.decode()):
            yield name, found


def functions(provider, types):
    """Where each type is made: (how, package, name)."""
    places = {}
    for path in provider.folders:
        if provider.module.endswith("google"):
            pattern = r'registry\.Schema\{\s*Name:\s*"(\w+)",[^}]*?SchemaTypeResource,\s*Schema:\s*(\w+)\('
            for _, found in entries(provider, path, pattern):
                places[found[1]] = ("legacy", path, found[2])
        elif provider.module.endswith("azurerm"):
            for name, source in provider.folders[path].items():
                if name == "registration.go":
                    # The data sources stand in a function of their own, before or behind.
                    _, _, rest = source.decode().partition(") SupportedResources()")
                    for found in re.finditer(r'"(azurerm_\w+)":\s*(\w+)\(', rest.partition("\n}\n")[0]):
                        places[found[1]] = ("legacy", path, found[2])
            pattern = r'func \((?:\w+ )?\*?(\w+)\) ResourceType\(\) string \{\s*return ("?\w+"?)'
            for _, found in entries(provider, path, pattern):
                name = found[2]
                if not name.startswith('"'):
                    value = re.search(rf'\b{name}\b[\w ]*=\s*("\w+")', b"\n".join(provider.folders[path].values()).decode())
                    name = value[1] if value else '""'
                if not found[1].endswith("DataSource"):
                    places.setdefault(name.strip('"'), ("typed", path, found[1]))
        else:
            for name, source in provider.folders[path].items():
                made = name.startswith("method.servicePackage.") and re.search(r"\.(SDK|Framework)Resources\.", name)
                if made:
                    for found in re.finditer(r'Factory:\s*(\w+),\s*TypeName:\s*"(\w+)"', source.decode()):
                        places[found[2]] = ("legacy" if made[1] == "SDK" else "framework", path, found[1])
    return {kind: place for kind, place in places.items() if kind in types}
