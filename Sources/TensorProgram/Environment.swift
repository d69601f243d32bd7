/// What each value of a program stands for while the program is walked; each is bound once.
struct Environment<Meaning> {
  private var meanings: [Value: Meaning] = [:]

  init() {}

  init(_ values: some Sequence<Value>, _ meanings: some Sequence<Meaning>) {
    for (value, meaning) in zip(values, meanings) { bind(value, to: meaning) }
  }

  mutating func bind(_ value: Value, to meaning: Meaning) {
    let earlier = meanings.updateValue(meaning, forKey: value)
    precondition(earlier == nil, "Value %\(value.index) is defined twice.")
  }

  func contains(_ value: Value) -> Bool { meanings[value] != nil }

  subscript(value: Value) -> Meaning {
    guard let meaning = meanings[value] else {
      preconditionFailure("Value %\(value.index) is used before it is defined.")
    }
    return meaning
  }

  subscript(values: [Value]) -> [Meaning] { values.map { self[$0] } }
}
