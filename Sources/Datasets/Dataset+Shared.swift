internal import Foundation
public import LinearAlgebra
public import NodeMemory
internal import Schema

extension DataConfiguration {
  /// Reads or makes the data once for all processes that share a board; by itself where that cannot be.
  ///
  /// - Parameters:
  ///   - scalar: the number format.
  ///   - board: the memory that is shared.
  ///   - whileWaiting: called while another process loads; what it throws is passed on.
  /// - Returns: the data, which must not be written to.
  /// - Throws: a problem of the data; what `whileWaiting` throws.
  public func load<Scalar: RealScalar>(
    as scalar: Scalar.Type, sharedOn board: NodeBoard, whileWaiting: () throws -> Void
  ) throws -> Dataset<Scalar> {
    var own: Dataset<Scalar>?
    let copy = try board.copy(of: key(scalar), whileWaiting: whileWaiting) { writer in
      let data = try load(as: scalar)
      data.write(to: &writer)
      own = data
    }
    if let copy, let shared = Dataset<Scalar>(copy) { return shared }
    return try own ?? load(as: scalar)
  }

  /// All that the data depends on, and its number format.
  private func key(_ scalar: any RealScalar.Type) -> String {
    "\(name) \(scalar) \(source.settings.json(of: KeySections(type(of: source).keys)))"
  }
}

/// What a dataset says of its numbers.
private struct Facts: Codable {
  let name: String
  let task: LearningTask
  let image: ImageShape?
  let notes: [String]
  let examples: Int
  let testExamples: Int?
}

extension Dataset {
  fileprivate func write(to writer: inout CopyWriter) {
    let facts = Facts(
      name: name, task: task, image: image, notes: notes, examples: training.count,
      testExamples: test?.count)
    guard let text = try? JSONEncoder().encode(facts) else { preconditionFailure("Facts can be encoded.") }
    writer.append(String(decoding: text, as: UTF8.self))
    for vector in [training.inputs, training.targets, test?.inputs, test?.targets].compactMap(\.self) {
      writer.append(vector)
    }
  }

  /// Reads what `write` has written; nil where it is something else.
  fileprivate init?(_ copy: SharedCopy) {
    let parts = copy.parts
    guard let text = parts.first?.text,
      let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8)),
      parts.count == (facts.testExamples == nil ? 3 : 5)
    else { return nil }
    let vectors = parts.dropFirst().map { Vector<Scalar>($0) }
    self.init(
      name: facts.name, task: facts.task, image: facts.image,
      training: Examples(count: facts.examples, inputs: vectors[0], targets: vectors[1]),
      test: facts.testExamples.map { Examples(count: $0, inputs: vectors[2], targets: vectors[3]) },
      notes: facts.notes)
  }
}
