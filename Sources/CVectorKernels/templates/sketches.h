// Random projections of long vectors, block by block.

// Adds the part of one block: sketch += D' H D x, with the Hadamard matrix H and diagonals D, D' of signs. `x` has up to
// VK_SKETCH elements, zeros follow. Nothing is multiplied, so that every CPU gives the same bits.
static void NAME(add_to_sketch)(const void *operand, ptrdiff_t count, const uint64_t *signs, double *block,
                                double *sketch) {
  const REAL *xs = operand;
  for (ptrdiff_t i = 0; i < VK_SKETCH; i++)
    block[i] = i < count ? vk_signed((double)xs[i], signs[i / 64] >> (i % 64)) : 0;
  vk_hadamard(block);
  const uint64_t *others = signs + VK_SKETCH / 64;
  for (ptrdiff_t i = 0; i < VK_SKETCH; i++) sketch[i] += vk_signed(block[i], others[i / 64] >> (i % 64));
}
