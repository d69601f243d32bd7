// The random numbers of Philox.swift, block after block: integers only, so the same at every level.

static void vk_philox(uint64_t key, uint32_t substream, uint32_t stream, uint64_t first, uint64_t *bits,
                      ptrdiff_t blocks) {
  _Pragma("clang loop vectorize(assume_safety) interleave(enable)") for (ptrdiff_t i = 0; i < blocks; i++) {
    uint32_t x0 = (uint32_t)(first + i), x1 = (uint32_t)((first + i) >> 32), x2 = substream, x3 = stream;
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
      const uint64_t a = (uint64_t)x0 * 0xD2511F53, b = (uint64_t)x2 * 0xCD9E8D57;
      x0 = (uint32_t)(b >> 32) ^ x1 ^ k0;
      x2 = (uint32_t)(a >> 32) ^ x3 ^ k1;
      x1 = (uint32_t)b;
      x3 = (uint32_t)a;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    bits[2 * i] = (uint64_t)x1 << 32 | x0;
    bits[2 * i + 1] = (uint64_t)x3 << 32 | x2;
  }
}
