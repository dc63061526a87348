"""Modules: a folder of .tf files each, called by one another, with the values of their variables.

Files of a folder are one module, whatever their order. A root is a folder that no other one calls;
a module that nobody calls makes nothing. Values of a root's variables, the later winning: default,
terraform.tfvars, *.auto.tfvars, and each other .tfvars file as an environment of its own
(developer.hashicorp.com/terraform/language/values/variables, read Dec 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from lintscale.platforms.terraform.evaluate import Budget, Scope
from lintscale.platforms.terraform.folders import (
    Attribute,
    Block,
    Folder,
    attribute_value,
    body_of_file,
    is_example,
    local_source,
    with_defaults,
)
from lintscale.platforms.terraform.templates import file_text
from lintscale.platforms.terraform.values import (
    Encoded,
    Mapped,
    Namespace,
    Place,
    Unknown,
    Value,
    each_of,
    failed,
    number_of,
    text_of,
    unknown,
)
from lintscale.syntax.hcl import (
    Source,
    attributes,
    literal,
)

if TYPE_CHECKING:
    pass

MAX_INSTANCES = 200
"""Of one block, by count or for_each."""
MAX_MODULES = 300
_MAX_CALLS = 12
"""Modules that call one another."""


class Object:
    """One instance of a resource, a data source or a module that is kept elsewhere."""

    def __init__(self, module: Module, block: Block, scope: Scope, key: Value | None) -> None:
        self.module = module
        self.block = block
        self.scope = scope
        self.key = key
        self._values: dict[str, Value] = {}
        self._open: set[str] = set()

    @property
    def type(self) -> str:
        return self.block.labels[0] if len(self.block.labels) > 1 else self.block.kind

    @property
    def name(self) -> str:
        return self.block.label

    @property
    def address(self) -> str:
        names = [*self.module.path, f"{self.type}.{self.name}"]
        index = text_of(self.key) if self.key is not None else None
        return ".".join(names) + (f"[{index}]" if index is not None else "")

    def has(self, name: str) -> bool:
        return name in self.block.attributes

    def get(self, name: str) -> Value:
        """An attribute as it is configured; one that the provider computes is unknown."""
        if name in self._values:
            return self._values[name]
        if name in self._open:
            return unknown("", self)
        self._open.add(name)
        try:
            value = self._get(name)
        finally:
            self._open.discard(name)
        self._values[name] = value
        return value

    def _get(self, name: str) -> Value:
        attribute = self.block.attributes.get(name)
        if attribute is None and any(each.kind == name for each in self.block.blocks):
            return self._of_blocks(name)
        if attribute is None:
            rendered = self._rendered() if name == "rendered" else None
            return rendered if rendered is not None else Value(Unknown(""), None, (self,))
        value = attribute_value(self.scope, attribute)
        return value._replace(refs=(self, *value.refs))

    def _of_blocks(self, name: str) -> Value:
        """The blocks of a type as the list of objects that expressions see."""
        items = []
        for block in self.block.blocks:
            if block.kind == name and not block.labels:
                values = {
                    key: attribute_value(self.scope, attribute)
                    for key, attribute in block.attributes.items()
                }
                items.append(Value(values, None, (self,)))
        return Value(items, None, (self,))

    def _rendered(self) -> Value | None:
        """The old data "template_file"."""
        if self.type != "template_file" or not self.has("template"):
            return None
        template, variables = self.get("template"), self.get("vars")
        text = template.data if isinstance(template.data, Mapped) else None
        bound = variables.data if isinstance(variables.data, dict) else {}
        if text is None or not text.whole:
            return None
        return rendered(self.module, text.source.file, str(text), bound)


class Project:
    """All Terraform files of a repository. ``read`` gives a file's text, or None."""

    def __init__(self, texts: Mapping[str, str], read: Callable[[str], str | None]) -> None:
        self.read = read
        self.budget = Budget()
        self.folders: dict[str, Folder] = {}
        self.sources: dict[str, Source] = {}
        self.modules = 0
        self.variable_files = sorted(name for name in texts if name.endswith(".tfvars"))
        for name in sorted(texts):
            self.sources[name] = source = Source(name, texts[name])
            if name.endswith(".tf") and not is_example(name):
                folder = dirname(name)
                self.folders.setdefault(folder, Folder(folder)).add(source)

    def add_root(self, source: Source) -> None:
        """A root module of one text."""
        self.sources[source.file] = source
        self.folders[""] = folder = Folder("")
        folder.add(source)

    def roots(self) -> list[Folder]:
        called = {path for folder in self.folders.values() for path in folder.called}
        found = [folder for path, folder in sorted(self.folders.items()) if path not in called]
        return [folder for folder in found if not _only_a_module(folder)]

    def instances(self) -> Iterator[Module]:
        """A module for each root and each of its environments."""
        roots = self.roots()
        for root in roots:
            automatic: list[str] = []
            others: list[str] = []
            for name in self.variable_files:
                if self._root_of(name, roots) is not root or is_example(name):
                    continue
                base = name.rpartition("/")[2]
                own = dirname(name) == root.path
                is_automatic = base == "terraform.tfvars" or base.endswith(".auto.tfvars")
                (automatic if own and is_automatic else others).append(name)
            automatic.sort(key=lambda name: (not name.endswith("terraform.tfvars"), name))
            for chosen in others or [""]:
                files = [*automatic, chosen] if chosen else automatic
                values: dict[str, Value] = {}
                module = Module(self, root, (), {}, environment=_environment(chosen, root.path))
                for file in files:
                    values.update(self._assigned(module, file))
                module.given = {name: _constant(value) for name, value in values.items()}
                yield module

    def _root_of(self, name: str, roots: list[Folder]) -> Folder | None:
        """The root that a file of variables is for: that of its folder or of one above it; the
        only one there is, or the only one that declares what it sets."""
        folder = dirname(name)
        by_path = {root.path: root for root in roots}
        while True:
            if folder in by_path:
                return by_path[folder]
            if not folder:
                break
            folder = dirname(folder)
        names = {
            key for key, _, _, _ in attributes(self.sources[name], body_of_file(self.sources[name]))
        }
        fitting = [root for root in roots if names and names <= root.variables.keys()]
        return fitting[0] if len(fitting) == 1 else None

    def _assigned(self, module: Module, file: str) -> dict[str, Value]:
        source = self.sources[file]
        scope = Scope(module, source)
        return {
            name: attribute_value(scope, Attribute(key, value, trusted))
            for name, key, value, trusted in attributes(source, body_of_file(source))
        }


def _constant(value: Value) -> Callable[[], Value]:
    return lambda: value


def _environment(file: str, root: str) -> str:
    """What a file of variables is called, or the folder that it stands in."""
    if not file:
        return ""
    folder, _, base = file.rpartition("/")
    stem = base.removesuffix(".tfvars").removesuffix(".auto")
    if stem in ("terraform", "main", "variables", "vars", "values"):
        return folder.rpartition("/")[2] if folder != root else ""
    return stem


def _only_a_module(folder: Folder) -> bool:
    """A folder below one called "modules" that nobody calls is a module all the same: it makes
    nothing by itself."""
    return "modules" in folder.path.split("/")[:-1]


class Module:
    """A module with its arguments: what its expressions can name. ``place`` is where a root calls
    it, or the key of that call's for_each."""

    def __init__(
        self,
        project: Project,
        folder: Folder,
        path: tuple[str, ...],
        given: Mapping[str, Callable[[], Value]],
        *,
        environment: str = "",
        root: Module | None = None,
        place: Place | None = None,
    ) -> None:
        self.project = project
        self.folder = folder
        self.path = path
        self.given = dict(given)
        self.environment = environment
        self.root = root or self
        self.place = place
        self._variables: dict[str, Value] = {}
        self._locals: dict[str, Value] = {}
        self._resources: dict[tuple[str, str, str], Value] = {}
        self._children: dict[str, Value] = {}
        self._open: set[tuple[str, ...]] = set()
        project.modules += 1

    @property
    def budget(self) -> Budget:
        return self.project.budget

    # -- names ------------------------------------------------------------------------------------

    def named(self, space: Namespace, name: str) -> Value:
        if space.kind == "var":
            return self._guarded(("var", name), lambda: self.variable(name))
        if space.kind == "local":
            return self._guarded(("local", name), lambda: self.local(name))
        if space.kind == "module":
            return self._guarded(("module", name), lambda: self.child(name))
        if space.kind == "path":
            folder = self.root.folder.path if name in ("root", "cwd") else self.folder.path
            return Value(folder or ".")
        if space.kind in ("resource", "data"):
            key = (space.kind, space.type, name)
            return self._guarded(key, lambda: self.resource(*key))
        return Value(Unknown(""))

    def _guarded(self, key: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """What refers to itself is unknown."""
        if key in self._open:
            return Value(Unknown(""))
        self._open.add(key)
        try:
            return make()
        finally:
            self._open.discard(key)

    def variable(self, name: str) -> Value:
        if name in self._variables:
            return self._variables[name]
        block = self.folder.variables.get(name)
        value = self._variable(name, block)
        self._variables[name] = value
        return value

    def _variable(self, name: str, block: Block | None) -> Value:
        given = self.given.get(name)
        value = given() if given is not None else None
        if block is None:
            return value if value is not None else Value(Unknown(""))
        scope = Scope(self, block.source)
        if value is not None and value.data is None and self._not_nullable(block):
            value = None
        if value is None:
            default = block.attributes.get("default")
            if default is None:
                return Value(Unknown(""))
            value = attribute_value(scope, default)
        kind = block.attributes.get("type")
        if kind is not None and kind.trusted and b"optional(" in (kind.value.text or b""):
            value = with_defaults(scope, value, kind.value)
        return value

    def _not_nullable(self, block: Block) -> bool:
        attribute = block.attributes.get("nullable")
        return attribute is not None and literal(block.source, attribute.value)[1] is False

    def local(self, name: str) -> Value:
        if name in self._locals:
            return self._locals[name]
        found = self.folder.locals.get(name)
        if found is None:
            return Value(Unknown(""))
        block, attribute = found
        value = attribute_value(Scope(self, block.source), attribute)
        self._locals[name] = value
        return value

    def resource(self, kind: str, of_type: str, name: str) -> Value:
        """The resource: an object, or with count a list, with for_each a map of them."""
        key = (kind, of_type, name)
        if key not in self._resources:
            block = self.folder.resources.get(key)
            if block is None:
                return Value(Unknown(""))
            self._resources[key] = self._expanded(
                block, lambda scope, each: Value(Object(self, block, scope, each))
            )
        return self._resources[key]

    def _expanded(self, block: Block, make: Callable[[Scope, Value | None], Value]) -> Value:
        scope = Scope(self, block.source)
        count, each = block.attributes.get("count"), block.attributes.get("for_each")
        if count is not None:
            number = number_of(attribute_value(scope, count))
            if number is None:
                return Value([make(scope, None)])
            whole = range(min(max(int(number), 0), MAX_INSTANCES))
            items = []
            for index in whole:
                bound = scope.binding(count=Value({"index": Value(index)}))
                items.append(make(bound, Value(index)))
            return Value(items)
        if each is not None:
            pairs = each_of(attribute_value(scope, each))
            if pairs is None:
                return make(scope, None)
            entries: dict[str, Value] = {}
            for key, item in pairs:
                name = text_of(key)
                if name is not None and len(entries) < MAX_INSTANCES:
                    bound = scope.binding(each=Value({"key": key, "value": item}))
                    entries[name] = make(bound, key)
            return Value(entries)
        return make(scope, None)

    def child(self, name: str) -> Value:
        """A module's outputs: an object of :class:`Outputs`, or of :class:`Object` where it is
        kept elsewhere."""
        if name in self._children:
            return self._children[name]
        block = self.folder.calls.get(name)
        if block is None:
            return Value(Unknown(""))
        self._children[name] = self._expanded(
            block, lambda scope, key: self._called(block, scope, key)
        )
        return self._children[name]

    def _called(self, block: Block, scope: Scope, key: Value | None) -> Value:
        path = local_source(block, self.folder.path)
        folder = self.project.folders.get(path) if path is not None else None
        too_many = len(self.path) >= _MAX_CALLS or self.project.modules >= MAX_MODULES
        if folder is None or too_many:
            return Value(Object(self, block, scope, key))
        given = {
            name: _later(scope, attribute)
            for name, attribute in block.attributes.items()
            if name not in ("source", "version", "count", "for_each", "providers", "depends_on")
        }
        index = text_of(key) if key is not None else None
        label = f"module.{block.label}" + (f"[{index}]" if index is not None else "")
        module = Module(
            self.project,
            folder,
            (*self.path, label),
            given,
            environment=self.environment,
            root=self.root,
            place=self.place or (key.place if key is not None else None) or _place_of(block),
        )
        return Value(Outputs(module))

    # -- functions that read files ----------------------------------------------------------------

    def call(self, name: str, arguments: list[Value], text: str) -> Value | None:
        if name == "file" and len(arguments) == 1:
            content = self._read(arguments[0])
            return unknown(text) if content is None else file_text(*content)
        if name == "templatefile" and len(arguments) == 2:
            content = self._read(arguments[0])
            bound = arguments[1].data
            if content is None or not isinstance(bound, dict):
                return unknown(text)
            return rendered(self, *content, bound)
        if name == "fileexists" and len(arguments) == 1:
            return Value(self._read(arguments[0]) is not None) if arguments[0].is_known else None
        if name in ("jsondecode", "yamldecode") and len(arguments) == 1:
            return decoded(arguments[0], name == "jsondecode", text)
        return None

    def _read(self, path: Value) -> tuple[str, str] | None:
        name = text_of(path)
        if name is None or not path.is_known or name.startswith("/"):
            return None
        # path.module and path.root are folders of the repository; other paths are the root's.
        for base in ("", self.folder.path, self.root.folder.path):
            file = normpath(join(base, name))
            if file.startswith(".."):
                continue
            content = self.project.read(file)
            if content is not None:
                return file, content
        return None

    # -- everything -------------------------------------------------------------------------------

    def objects(self) -> Iterator[Object]:
        """All resources and outside modules of this module and of those that it calls."""
        for key in self.folder.resources:
            if key[0] == "resource":
                yield from _objects(self.resource(*key))
        for name in self.folder.calls:
            for found in _items(self.child(name)):
                if isinstance(found, Outputs):
                    yield from found.module.objects()
                elif isinstance(found, Object):
                    yield found


class Outputs:
    """A called module, as its caller sees it."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._open: set[str] = set()

    def get(self, name: str) -> Value:
        block = self.module.folder.outputs.get(name)
        attribute = block.attributes.get("value") if block is not None else None
        if block is None or attribute is None:
            return failed("")
        if name in self._open:
            return Value(Unknown(""))
        self._open.add(name)
        try:
            return attribute_value(Scope(self.module, block.source), attribute)
        finally:
            self._open.discard(name)


def _place_of(block: Block) -> Place:
    return Place(block.source, block.node.start_byte, block.node.end_byte)


def _items(value: Value) -> list[object]:
    data = value.data
    if isinstance(data, list):
        return [item.data for item in data]
    if isinstance(data, dict):
        return [item.data for item in data.values()]
    return [data]


def _objects(value: Value) -> Iterator[Object]:
    for item in _items(value):
        if isinstance(item, Object):
            yield item


def _later(scope: Scope, attribute: Attribute) -> Callable[[], Value]:
    known: list[Value] = []

    def evaluate() -> Value:
        if not known:
            known.append(attribute_value(scope, attribute))
        return known[0]

    return evaluate


def rendered(module: Module, file: str, text: str, bound: Mapping[str, Value]) -> Value:
    """A template file with its variables: it is read as a heredoc is."""
    mark = "LINTSCALE_END"
    tail = "" if text.endswith("\n") else "\n"
    source = Source(file, f"x = <<{mark}\n{text}{tail}{mark}\n", lines_before=1)
    for name, _, value, trusted in attributes(source, body_of_file(source)):
        if name == "x" and trusted:
            return Scope(module, source, bound).evaluate(value)
    return unknown("${templatefile(" + file + ")}")


def decoded(value: Value, is_json: bool, text: str) -> Value:
    """The value of a JSON or YAML text, or of what was encoded."""
    if isinstance(value.data, Encoded):
        return value.data.value
    if not isinstance(value.data, str) or not value.is_known:
        return unknown(text, *value.refs)
    from lintscale.platforms.terraform.nodes import parsed

    found = parsed(value, "json" if is_json else "yaml")
    return unknown(text) if found is None else found
