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
  /// The error of a system call that is behind it (`errno`); nil where the contents of the subject are at fault.
  public let systemError: Int32?

  /// Puts a problem into words; all three parts read on as one sentence.
  public init(_ subject: String, _ sentence: String, remedy: String, systemError: Int32? = nil) {
    self.subject = subject
    self.sentence = sentence
    self.remedy = remedy
    self.systemError = systemError
  }

  /// One line, whatever text of the user it quotes: subject, what is wrong, remedy.
  public var description: String { "\(subject): \(sentence); \(remedy)".onOneLine }
}
