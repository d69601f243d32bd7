/// What was made last, by key, for neighbours that need the same.
struct RecentValues<Key: Equatable, Value> {
  private var values: [(key: Key, value: Value)] = []
  /// The latest are kept in any case, and as many more as fit into a little memory.
  private var least: Int { 2 }
  private var roomyBytes: Int { 64 << 20 }

  /// The value of a key, made if it is not there any more.
  ///
  /// `bytes` says what a value takes now.
  mutating func value(
    for key: Key, bytes: (Value) -> Int, orMake make: () throws -> Value
  ) rethrows -> Value {
    if let hit = values.firstIndex(where: { $0.key == key }) {
      values.append(values.remove(at: hit))
    } else {
      values.append((key, try make()))
    }
    while values.count > least, values.reduce(0, { $0 + bytes($1.value) }) > roomyBytes {
      values.removeFirst()
    }
    return values[values.count - 1].value
  }
}
