// Reading YAML into job nodes and writing them back. The only file that knows the YAML library.
//
// Anchors, aliases and tags are refused: a job says what it means where it says it, and a nest of aliases can
// stand for more memory than any machine has.

internal import Yams

extension JobNode {
  /// Parses a text that must hold exactly one YAML document with a map at its root.
  static func parse(yaml text: String, file: String) throws(JobError) -> JobNode {
    var log = ProblemLog(file: file)
    let node = read(text, log: &log) { .line($0) }
    try log.throwIfAny()
    guard let node, node.entries != nil else {
      let found = node.map { "it holds \($0.kindName)" } ?? "it holds nothing"
      log.report(
        "a job file is a map of keys, but \(found)", remedy: "begin with lines such as 'name: my-sweep'",
        at: node?.place ?? .whole)
      throw JobError(problems: log.problems)
    }
    return node
  }

  /// Parses the value of an override `key=value`; an empty text is an empty value.
  static func parse(value text: String, override: String, log: inout ProblemLog) -> JobNode? {
    let place = Place.override(override)
    let count = log.problems.count
    let node = read(text, log: &log) { _ in place }
    guard log.problems.count == count else { return nil }
    return node ?? JobNode(content: .scalar("", quoted: false), place: place)
  }

  private static func read(_ text: String, log: inout ProblemLog, place: (Int) -> Place) -> JobNode? {
    do {
      let parser = try Parser(yaml: text)
      let root = try parser.singleRoot()
      // Nodes refer to their anchors weakly; the parser owns them.
      return withExtendedLifetime(parser) { root.flatMap { convert($0, log: &log, place: place) } }
    } catch let error as YamlError {
      report(error, text: text, log: &log, place: place)
    } catch {
      log.report("\(error)", remedy: "correct the YAML", at: place(1))
    }
    return nil
  }

  private static func convert(_ node: Node, log: inout ProblemLog, place: (Int) -> Place) -> JobNode? {
    let here = place(node.mark?.line ?? 1)
    guard node.anchor == nil else {
      log.report(
        "anchors (&) and aliases (*) are not supported", remedy: "write the value out at each place",
        at: here)
      return nil
    }
    guard !isTagged(node) else {
      log.report("tags (!) are not supported", remedy: "remove the tag", at: here)
      return nil
    }
    switch node {
    case .scalar(let scalar):
      let quoted = scalar.style != .plain && scalar.style != .any
      return JobNode(content: .scalar(scalar.string, quoted: quoted), place: here)
    case .sequence(let sequence):
      return JobNode(
        content: .list(sequence.compactMap { convert($0, log: &log, place: place) }), place: here)
    case .mapping(let mapping):
      let entries = mapping.compactMap { entry(key: $0.key, value: $0.value, log: &log, place: place) }
      return JobNode(content: .map(entries), place: here)
    case .alias:
      preconditionFailure("The parser replaces every alias by its node.")
    }
  }

  private static func isTagged(_ node: Node) -> Bool {
    switch node {
    case .scalar(let scalar):
      ![.implicit, .nonSpecific, .str].contains(Tag.Name(rawValue: scalar.tag.rawValue))
    case .sequence(let sequence): sequence.tag != .implicit
    case .mapping(let mapping): mapping.tag != .implicit
    case .alias: false
    }
  }

  private static func entry(
    key: Node, value: Node, log: inout ProblemLog, place: (Int) -> Place
  ) -> Entry? {
    let here = place(key.mark?.line ?? 1)
    guard let name = key.scalar?.string else {
      log.report("a key is not a plain word", remedy: "write 'key: value'", at: here)
      return nil
    }
    return convert(value, log: &log, place: place).map { Entry(key: name, place: here, value: $0) }
  }
}

// MARK: - Errors of the parser

extension JobNode {
  private static func report(_ error: YamlError, text: String, log: inout ProblemLog, place: (Int) -> Place) {
    switch error {
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
      log.report(
        "the same key stands twice in one map: \(names)", remedy: "keep one of them",
        at: place(context.mark.line))
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      log.report(
        "not valid YAML: \(problem)", remedy: remedy(for: problem, line: mark.line, of: text),
        at: place(mark.line))
    case .reader(let problem, let offset, _, _):
      let line = 1 + text.prefix(offset ?? 0).count { $0.isNewline }
      log.report("not valid YAML: \(problem)", remedy: "remove the character", at: place(line))
    default:
      log.report("not valid YAML: \(error)", remedy: "correct the syntax", at: place(1))
    }
  }

  private static func remedy(for problem: String, line: Int, of text: String) -> String {
    if problem.contains("alias") { return "write the value out" }
    if problem.contains("another document") { return "keep one document in a file, without '---' lines" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let nearby = lines[max(0, min(line - 2, lines.count))..<min(line, lines.count)]
    if nearby.contains(where: { $0.contains("\t") }) { return "indent with spaces: YAML allows no tabs" }
    return "check quotes, brackets and indentation near this line"
  }
}

// MARK: - Writing

extension JobNode {
  /// The tree as YAML text.
  func yaml() -> String {
    do {
      return try Yams.serialize(node: yamlNode, width: -1)
    } catch {
      preconditionFailure("A tree that was parsed can be written: \(error)")
    }
  }

  private var yamlNode: Node {
    switch content {
    case .scalar(let text, let quoted):
      Node(text, .implicit, quoted ? .doubleQuoted : .plain)
    case .list(let elements):
      Node(elements.map(\.yamlNode), .implicit, .flow)
    case .map(let entries):
      Node(entries.map { (Node($0.key), $0.value.yamlNode) }, .implicit, .any)
    }
  }
}
