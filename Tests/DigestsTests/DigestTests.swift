import Digests
import Testing

@Suite struct DigestTests {
  /// The messages and digests that NIST prints for SHA-256 (FIPS 180-4 examples), and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedExamples(_ message: String, _ expected: String) {
    var digest = Digest()
    digest.absorb(bytes: Array(message.utf8)[...])
    #expect(digest.hexadecimal() == expected)
  }

  /// A million times the letter a, in parts of every size up to 2,000 bytes.
  @Test func partsDoNotMatter() {
    var digest = Digest()
    var (left, part) = (1_000_000, 0)
    while left > 0 {
      part = part % 2_000 + 1
      digest.absorb(bytes: [UInt8](repeating: UInt8(ascii: "a"), count: min(part, left))[...])
      left -= min(part, left)
    }
    #expect(digest.hexadecimal() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// What is written down one after the other differs wherever it is cut.
  @Test func listsAndTextsComeAfterTheirLength() {
    func digest(_ absorb: (inout Digest) -> Void) -> String {
      var digest = Digest()
      absorb(&digest)
      return digest.hexadecimal()
    }
    let all: [(inout Digest) -> Void] = [
      {
        $0.absorb("ab"); $0.absorb("c")
      },
      {
        $0.absorb("a"); $0.absorb("bc")
      },
      { $0.absorb("abc") },
      { $0.absorb([1.0, 2.0]) },
      {
        $0.absorb([1.0]); $0.absorb([2.0])
      },
      { $0.absorb([-0.0]) },
      { $0.absorb([0.0]) },
    ]
    #expect(Set(all.map(digest)).count == all.count)
    let quiet = Double(nan: 1, signaling: false)
    #expect(digest { $0.absorb([quiet]) } == digest { $0.absorb([Double.nan]) })
    #expect(digest { $0.absorb(bitsOf: [quiet]) } != digest { $0.absorb(bitsOf: [Double.nan]) })
  }
}
