import Datasets
import Testing
import TestSupport

@testable import Jobs

@Suite struct NumberFormTests {
  @Test(arguments: [
    ("1_000", 1000), ("1,000", 1000), ("1.000.000", 1e6), ("1.000,5", 1000.5), ("1,000.5", 1000.5),
    ("1'000", 1000),
    ("1 000", 1000), ("1\u{A0}000", 1000), ("10k", 1e4), ("2.5K", 2500), ("1M", 1e6), ("0x10", 16),
    ("0o17", 15),
    ("0b11", 3), ("1e3", 1000), ("1E-3", 1e-3), ("1d-3", 1e-3), ("0,5", 0.5), ("1,5e-3", 1.5e-3),
    ("1/2", 0.5),
    ("50%", 0.5), (".5", 0.5), ("5.", 5), ("\u{2212}0.1", -0.1), ("\u{2013}2", -2), ("\u{FF11}\u{FF10}", 10),
    ("\u{661}\u{662}", 12), ("10^-3", 1e-3), ("10**4", 1e4), ("2*10^-3", 2e-3), ("2\u{D7}10^{-3}", 2e-3),
    ("2^10", 1024),
    ("0.1f", 0.1), ("10L", 10), ("0,125", 0.125), ("0.1,", 0.1), ("=0.1", 0.1), ("1 / 2", 0.5),
    ("12 345 678", 12_345_678),
  ])
  func `a number is read as a person reads it`(text: String, value: Double) {
    #expect(NumberForm.reading(text) == value)
  }

  @Test(arguments: [
    "", "abc", "1,2,3", "0.1,0.2", "1-2", "e5", "1/0", "--", "nan", "inf", "k", "%", "1..2", "^", "*", "1 2",
    "10 10", "1e-3 1",
  ])
  func `what is no number is none`(text: String) {
    #expect(NumberForm.reading(text) == nil)
  }

  @Test func `whole numbers come through every way of writing them`() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let number = Int.random(in: 1000...999_999_999, using: &random)
      let digits = Array(String(number))
      var grouped = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
        grouped.append(digit)
      }
      let wide = String(
        String.UnicodeScalarView(
          digits.map { digit in
            Unicode.Scalar(UInt32(0xFF10 + (digit.wholeNumberValue ?? 0))) ?? "0"
          }))
      let forms = [
        grouped, grouped.replacing(",", with: "_"), grouped.replacing(",", with: "'"),
        grouped.replacing(",", with: "\u{2009}"), "0x" + String(number, radix: 16),
        "0b" + String(number, radix: 2),
        "\(number).0", wide,
      ]
      for form in forms { #expect(NumberForm.reading(form) == Double(number), "\(form)") }
    }
  }
}
