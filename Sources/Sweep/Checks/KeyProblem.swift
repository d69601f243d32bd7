/// What is wrong with a key in the light of others, of files, or of the data.
struct KeyProblem: Error, Hashable {
  var key: String
  var sentence: String
  var remedy: String

  init(_ key: String, _ sentence: String, remedy: String) {
    self.key = key
    self.sentence = sentence
    self.remedy = remedy
  }
}
