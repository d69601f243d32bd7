// Reading YAML into job nodes and writing them back. The only file that knows the YAML library.
//
// Anchors, aliases and tags are refused: a job says what it means where it says it, and a nest of aliases can
// stand for more memory than any machine has.

import Problems
import Schema
import Yams

extension JobNode {
  /// Parses a text that must hold exactly one YAML document with a map at its root.
  static func parse(yaml text: String, file: String) throws(JobError) -> JobNode {
    var log = ProblemLog(file: file)
    let node = read(TextLines(text), log: &log) { .line($0) }
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
    let node = read(TextLines(text), log: &log) { _ in place }
    guard log.problems.count == count else { return nil }
    return node ?? JobNode(content: .scalar("", quoted: false), place: place)
  }

  private static func read(_ lines: TextLines, log: inout ProblemLog, place: (Int) -> Place) -> JobNode? {
    if let found = lines.forbiddenCharacter {
      log.report(
        "not valid YAML: it holds \(found.character.codeAndName)", remedy: "remove the character",
        at: place(found.line))
      return nil
    }
    do {
      let parser = try Parser(yaml: lines.plainText, encoding: .utf8)
      let root = try parser.singleRoot()
      // Nodes refer to their anchors weakly; the parser owns them.
      return withExtendedLifetime(parser) {
        root.flatMap { convert($0, log: &log, place: place) }
      }
    } catch let error as YamlError {
      report(error, lines, log: &log, place: place)
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
      reportSplitValues(entries, log: &log)
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
  private static func report(
    _ error: YamlError, _ lines: TextLines, log: inout ProblemLog, place: (Int) -> Place
  ) {
    switch error {
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
      log.report(
        "the same key stands twice in one map: \(names)", remedy: "keep one of them",
        at: place(context.mark.line))
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let fault = YAMLFault(problem, from: context?.mark.line ?? mark.line, to: mark.line, lines)
      log.report(fault.sentence, remedy: fault.remedy, at: place(fault.line))
    case .reader(let problem, _, let value, _):
      let character = Unicode.Scalar(UInt32(bitPattern: value)).map { " (\($0.codeAndName))" } ?? ""
      log.report("not valid YAML: \(problem)\(character)", remedy: "remove the character", at: .whole)
    default:
      log.report("not valid YAML: \(error)", remedy: "correct the syntax", at: place(1))
    }
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
