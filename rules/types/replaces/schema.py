"""What replaces a resource, as the Go source of its schema says it."""

import re

from clone import children, text, within


FUNCTIONS = ("func_literal", "function_declaration", "method_declaration")


class Answer:
    """What replaces the resources of one type: a property's path, and whether each change of it does."""

    def __init__(self):
        self.always, self.sometimes = set(), set()
        # What can be set at all.
        self.known = set()

    def line(self):
        self.sometimes -= self.always
        self.fold()
        return "\t".join((" ".join(sorted(self.always)), " ".join(sorted(self.sometimes))))

    def fold(self):
        """Says `a.*` for a block that replaces whatever changes in it."""
        for path in sorted(self.always):
            below = {each for each in self.known if each.startswith((f"{path}[].", f"{path}."))}
            if path in self.always and below and below <= self.always:
                self.always -= below | {path}
                self.always.add(f"{path}.*")


class Scope:
    """Where an expression stands: its file, the function around it, and what that was called with."""

    def __init__(self, file, function=None, arguments=None):
        self.file, self.function, self.arguments = file, function, arguments or {}


class Reader:
    """Reads the schema of one type."""

    def __init__(self, provider):
        self.provider, self.answer, self.unread = provider, Answer(), []

    # Expressions

    def target(self, node, scope):
        """The function that an expression names."""
        package = scope.file.package
        if node.type in ("type_instantiation_expression", "index_expression"):
            node = node.named_children[0]
        if node.type == "identifier":
            return package.functions.get(text(node))
        if node.type == "selector_expression":
            of, name = text(node.child_by_field_name("operand")), text(node.child_by_field_name("field"))
            if of in scope.file.imports:
                other = self.provider.package(scope.file.imports[of])
                return other and other.functions.get(name)
            found = [function for (_, method), function in package.methods.items() if method == name]
            receiver = scope.function and scope.function.type == "method_declaration" and text(scope.function.child_by_field_name("receiver"))
            if receiver and re.match(rf"\(\s*{re.escape(of)}\b", receiver):
                kind = re.search(r"(\w+)(\[.*\])?\s*\)$", receiver)[1]
                if (kind, name) in package.methods:
                    return package.methods[kind, name]
            return found[0] if len(found) == 1 else None
        return None

    def call(self, node, scope):
        """What a call answers: the expressions that its function returns, where they stand."""
        function = node.child_by_field_name("function")
        found = self.target(function, scope)
        if not found:
            # A function that a variable holds, or that is made once.
            literals = [each for each in self.settle(function, scope) if each[0].type in FUNCTIONS]
            return [
                each
                for literal, inner in literals
                for each in self.returned(literal.child_by_field_name("body"), Scope(inner.file, literal, inner.arguments))
            ]
        file, function = found
        names = [
            name
            for each in children(function.child_by_field_name("parameters"), "parameter_declaration")
            for name in each.children_by_field_name("name")
        ]
        given = node.child_by_field_name("arguments").named_children
        inner = Scope(file, function, {text(name): (value, scope) for name, value in zip(names, given)})
        return self.returned(function.child_by_field_name("body"), inner)

    def returned(self, body, scope):
        answers = []
        for statement in within(body, {"return_statement"}, into_functions=False):
            for list in statement.named_children:
                answers.extend((each, scope) for each in list.named_children)
        return answers

    def settle(self, node, scope, depth=0):
        """The literals that an expression can stand for."""
        if depth > 12 or node is None:
            return []
        kind = node.type
        if kind in ("composite_literal", "literal_value", "interpreted_string_literal", "raw_string_literal", "true", "false", "func_literal"):
            return [(node, scope)]
        if kind in ("parenthesized_expression", "literal_element", "unary_expression", "expression_list"):
            return self.settle(node.named_children[0], scope, depth + 1)
        if kind == "call_expression":
            function = node.child_by_field_name("function")
            if text(function) == "sync.OnceValue":
                answers = [(node.child_by_field_name("arguments").named_children[0], scope)]
            elif function.type == "func_literal":
                answers = self.returned(function.child_by_field_name("body"), Scope(scope.file, function, scope.arguments))
            else:
                answers = self.call(node, scope)
            found = [each for answer, inner in answers for each in self.settle(answer, inner, depth + 1)]
            if not found and re.search(r"(?i)merge|copy|clone|must", text(function)):
                # A helper that answers what it gets.
                given = node.child_by_field_name("arguments").named_children
                found = [each for answer in given for each in self.settle(answer, scope, depth + 1)]
            return found
        if kind == "identifier":
            name = text(node)
            if name in scope.arguments:
                value, outer = scope.arguments[name]
                return self.settle(value, outer, depth + 1)
            found = self.local(name, scope, depth)
            if found:
                return found
            if name in scope.file.package.values:
                file, value = scope.file.package.values[name]
                return self.settle(value, Scope(file), depth + 1)
        if kind == "selector_expression":
            of, name = text(node.child_by_field_name("operand")), text(node.child_by_field_name("field"))
            other = of in scope.file.imports and self.provider.package(scope.file.imports[of])
            if other and name in other.values:
                file, value = other.values[name]
                return self.settle(value, Scope(file), depth + 1)
        found = self.target(node, scope)
        return [(found[1], Scope(*found))] if found else []

    def local(self, name, scope, depth):
        """What the function around gives a variable."""
        if scope.function is None:
            return []
        found = []
        for node in within(scope.function, {"short_var_declaration", "assignment_statement", "var_spec"}):
            left = node.child_by_field_name("left") or node.child_by_field_name("name")
            right = node.child_by_field_name("right") or node.child_by_field_name("value")
            if left is not None and right is not None and text(left) == name:
                found.extend(self.settle(right, scope, depth + 1))
        return found

    def word(self, node, scope):
        """The text that a key or an argument is."""
        if node.type == "selector_expression" and text(node).startswith("names.Attr"):
            return snake(text(node).removeprefix("names.Attr"))
        for value, _ in self.settle(node, scope):
            if value.type.endswith("string_literal"):
                return text(value)[1:-1]
        # What is not said outright is an index.
        if node.type == "binary_expression" and text(node.child_by_field_name("operator")) == "+":
            sides = [self.word(node.child_by_field_name(side), scope) for side in ("left", "right")]
            return "".join("%d" if side is None else side for side in sides) if any(sides) else None
        if node.type == "call_expression" and text(node).startswith("fmt.Sprintf"):
            return self.word(node.child_by_field_name("arguments").named_children[0], scope)
        if node.type == "identifier" and scope.function is not None:
            for each in within(scope.function, {"short_var_declaration"}):
                if text(each.child_by_field_name("left")) == text(node):
                    return self.word(each.child_by_field_name("right").named_children[0], scope)
        return None

    def fields(self, node):
        """The keys and values of a literal."""
        body = node if node.type == "literal_value" else node.child_by_field_name("body")
        pairs = []
        for element in children(body, "keyed_element"):
            key, value = element.named_children[:2]
            pairs.append((key.named_children[0] if key.type == "literal_element" else key, value))
        return pairs

    # Schemas

    def map(self, node, scope, path=""):
        """A literal of named properties, or whatever comes to one."""
        for literal, inner in self.settle(node, scope):
            if literal.type in FUNCTIONS:
                body = literal.child_by_field_name("body")
                for each, there in self.returned(body, Scope(inner.file, literal, inner.arguments)):
                    self.map(each, there, path)
            elif literal.type in ("composite_literal", "literal_value"):
                for key, value in self.fields(literal):
                    name = self.word(key, inner)
                    if name is None:
                        self.unread.append(f"key {text(key)}")
                    else:
                        self.property(value, inner, f"{path}{name}")
        # Entries that are put in afterwards: `properties["name"] = ...`.
        if node.type == "identifier" and scope.function is not None:
            for each in within(scope.function, {"assignment_statement"}):
                left = each.child_by_field_name("left")
                entry = left.named_children[0] if left.named_children else left
                if entry.type == "index_expression" and text(entry.child_by_field_name("operand")) == text(node):
                    name = self.word(entry.child_by_field_name("index"), scope)
                    if name:
                        self.property(each.child_by_field_name("right").named_children[0], scope, f"{path}{name}")

    def property(self, node, scope, path):
        if path.count(".") > 8:
            return
        literals = self.settle(node, scope)
        if not literals:
            self.unread.append(f"{path} = {' '.join(text(node).split())[:60]}")
        for literal, inner in literals:
            if literal.type not in ("composite_literal", "literal_value"):
                continue
            fields = {text(key): value for key, value in self.fields(literal)}
            if "Computed" in fields and not fields.keys() & {"Optional", "Required"}:
                continue
            self.answer.known.add(path)
            kind = literal.child_by_field_name("type")
            # A single object has no index in a path.
            below = "." if kind and "Single" in text(kind) else "[]."
            if "ForceNew" in fields:
                values = {each.type for each, _ in self.settle(fields["ForceNew"], inner)}
                if values == {"true"}:
                    self.answer.always.add(path)
                elif values != {"false"}:
                    self.answer.sometimes.add(path)
            if "PlanModifiers" in fields:
                self.modifiers(text(fields["PlanModifiers"]), path)
            for name in "Elem", "NestedObject":
                if name in fields:
                    for element, there in self.settle(fields[name], inner):
                        self.resource(element, there, f"{path}{below}")
            self.resource(literal, inner, f"{path}{below}", only=("Attributes", "Blocks"))

    def modifiers(self, words, path):
        for modifier in re.findall(r"\.(RequiresReplace\w*)\(", words):
            (self.answer.sometimes if modifier == "RequiresReplaceIf" else self.answer.always).add(path)

    def resource(self, node, scope, path="", only=("Schema", "SchemaFunc", "Attributes", "Blocks")):
        if node.type in ("composite_literal", "literal_value"):
            for key, value in self.fields(node):
                if text(key) in only:
                    self.map(value, scope, path)

    # What is decided from the values

    def differences(self, node, scope, seen=None, depth=0):
        """Names of properties that a `CustomizeDiff` can replace for, in a function and those that it calls."""
        seen = set() if seen is None else seen
        for each in within(node, {"call_expression"}):
            function = each.child_by_field_name("function")
            name = text(function).split(".")[-1]
            given = each.child_by_field_name("arguments").named_children
            if name in ("ForceNewIf", "ForceNewIfChange", "ForceNew") and given and "." in text(function):
                self.sometimes(given[0], scope)
            elif text(function) == "path.Root" and "RequiresReplace" in text(each.parent.parent or each):
                self.sometimes(given[0], scope)
        for each in within(node, {"identifier", "selector_expression"}):
            found = self.target(each, scope)
            if found and found[1].id not in seen and depth < 4 and found[0].package is scope.file.package:
                seen.add(found[1].id)
                self.differences(found[1].child_by_field_name("body"), Scope(*found), seen, depth + 1)

    def sometimes(self, node, scope):
        name = self.word(node, scope)
        names = [] if name is None else [name]
        if name is None and node.type == "identifier" and scope.function is not None:
            # In a loop over all properties, the ones that it is for.
            names = re.findall(rf'\b{text(node)} == "([a-z0-9_.]+)" &&', text(scope.function))
        if not names:
            self.unread.append(f"for what {text(node)} stands in a decision")
        for name in names:
            # `a.0.b` and `a.#` as the rules write them.
            self.answer.sometimes.add(re.sub(r"\.(\d+|%\w)(?=\.|$)", "[]", name.removesuffix(".#")))

    # Where a type begins

    def legacy(self, file, function):
        scope = Scope(file, function)
        body = function.child_by_field_name("body")
        for literal in within(body, {"composite_literal"}, into_functions=False):
            kind = literal.child_by_field_name("type")
            if kind and text(kind).endswith(".Resource") and enclosing(literal, "composite_literal") is None:
                self.resource(literal, scope)
                for key, value in self.fields(literal):
                    if text(key) == "CustomizeDiff":
                        self.differences(value, scope)
        for statement in within(body, {"assignment_statement"}, into_functions=False):
            left, right = (statement.child_by_field_name(side).named_children[0] for side in ("left", "right"))
            place = re.fullmatch(r'\w+\.Schema\["(\w+)"\]', text(left))
            if place:
                self.property(right, scope, place[1])
            elif re.fullmatch(r"\w+\.Schema", text(left)):
                self.map(right, scope)
            elif re.fullmatch(r"\w+\.CustomizeDiff", text(left)):
                self.differences(right, scope)
        # A resource that is another one under a second name.
        if not within(body, {"composite_literal"}, into_functions=False):
            for each, inner in self.returned(body, scope):
                found = each.type == "call_expression" and self.target(each.child_by_field_name("function"), inner)
                if found:
                    self.legacy(*found)

    def typed(self, package, kind):
        """One of azurerm's resources that are structs."""
        file, function = package.methods[kind, "Arguments"]
        for each, inner in self.returned(function.child_by_field_name("body"), Scope(file, function)):
            self.map(each, inner)
        if (kind, "CustomizeDiff") in package.methods:
            file, function = package.methods[kind, "CustomizeDiff"]
            self.differences(function.child_by_field_name("body"), Scope(file, function))

    def framework(self, package, kind):
        file, function = package.methods[kind, "Schema"]
        scope = Scope(file, function)
        for literal in within(function, {"composite_literal"}, into_functions=False):
            if text(literal.child_by_field_name("type")) == "schema.Schema":
                self.resource(literal, scope)
        if (kind, "ModifyPlan") in package.methods:
            file, function = package.methods[kind, "ModifyPlan"]
            self.differences(function.child_by_field_name("body"), Scope(file, function))


def enclosing(node, kind):
    node = node.parent
    while node is not None and node.type != kind:
        if node.type in ("func_literal", "function_declaration"):
            return None
        node = node.parent
    return node


def snake(name):
    """`KMSKeyID` as `kms_key_id`: how the constants of the provider aws are named."""
    for plural in "ARNs", "IDs", "CIDRs", "IPs", "AZs":
        name = name.replace(plural, plural.capitalize())
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
