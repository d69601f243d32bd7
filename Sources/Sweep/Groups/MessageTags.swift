/// The tags of the groups' sums.
///
/// Tags below 32,768 are valid everywhere, so they are used again in the course of a long session. A group that is dissolved
/// in the middle of a sum may leave a message of it behind, and its tag is never used again.
struct MessageTags {
  private var next = 0
  private var spent: Set<Int> = []

  static let count = 32_768

  /// A tag that no group has which is at work, as long as those number a few thousand.
  mutating func take() -> Int {
    precondition(spent.count < Self.count, "Groups were dissolved more often than there are tags.")
    repeat { next = (next + 1) % Self.count } while spent.contains(next)
    return next
  }

  /// The group that had a tag was dissolved.
  mutating func spend(_ tag: Int) { spent.insert(tag) }
}
