/// The FNV-1a hash (Fowler, Noll, Vo), over bytes or over 64-bit words.
///
/// Every step is a bijection of the state, so two inputs that differ in a single word never agree.
struct FNV1a {
  private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

  var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  mutating func absorb(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01b3 }
}
