/// Something that the user can mend: what it is about, what is wrong with it, and what to do.
///
/// Every module of the package says what is wrong with a file, a key or an option in this one form; the command line
/// prints it as one sentence.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, the key of a job or the option that it is about.
  public let subject: String
  /// What is wrong with the subject.
  public let sentence: String
  /// What to do about it.
  public let remedy: String
  /// Whether the machine is at fault (a full disk, a quota, a device that fails), so that whatever is tried next
  /// meets it too.
  public let isOfMachine: Bool

  /// Puts a problem into words; all three parts read on as one sentence.
  public init(_ subject: String, _ sentence: String, remedy: String, isOfMachine: Bool = false) {
    self.subject = subject
    self.sentence = sentence
    self.remedy = remedy
    self.isOfMachine = isOfMachine
  }

  /// One line: subject, what is wrong, remedy.
  public var description: String { "\(subject): \(sentence); \(remedy)" }
}
