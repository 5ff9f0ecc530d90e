/*
 * The few sums of a transformer encoder that are too slow in JavaScript; model.ts puts them together. Built by
 *   clang --target=wasm32 -O3 -ffp-contract=off -msimd128 -mrelaxed-simd -nostdlib -Wl,--no-entry -Wl,-z,stack-size=65536 -o kernel.wasm kernel.c
 * Addresses are in the module's memory, which the caller lays out; nothing is allocated here. Widths are multiples of 32.
 */
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

static v128_t exp4(v128_t x) {
  x = wasm_f32x4_max(wasm_f32x4_min(x, wasm_f32x4_splat(88.f)), wasm_f32x4_splat(-87.f));
  v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(x, wasm_f32x4_splat(1.44269504f)));
  v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, wasm_f32x4_splat(0.693359375f)));
  r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, wasm_f32x4_splat(-2.12194440e-4f)));
  v128_t p = wasm_f32x4_splat(1.9875691500e-4f);
  const float c[] = {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};
  for (int i = 0; i < 5; i++) p = wasm_f32x4_add(wasm_f32x4_mul(p, r), wasm_f32x4_splat(c[i]));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, wasm_f32x4_mul(r, r)), wasm_f32x4_add(r, wasm_f32x4_splat(1.f)));
  v128_t bits = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return wasm_f32x4_mul(p, bits);
}

static float sum4(v128_t v) {
  return wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1) + wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3);
}

static int sum4i(v128_t v) {
  return wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1) + wasm_i32x4_extract_lane(v, 2) + wasm_i32x4_extract_lane(v, 3);
}

static float half(uint16_t h) {
  uint32_t sign = (uint32_t)(h & 0x8000) << 16, exp = (h >> 10) & 31, man = h & 0x3ff, f;
  if (exp == 0) {
    float v = (float)man * 5.9604644775390625e-8f;
    return sign ? -v : v;
  }
  f = sign | ((exp + 112) << 23) | (man << 13);
  union { uint32_t u; float f; } out = {f};
  return out.f;
}

/* One block: a half-precision scale, then 32 weights of four bits, the first sixteen in the low halves of the bytes. */
typedef struct __attribute__((packed)) { uint16_t scale; uint8_t q[16]; } Block;

static void open_row(const Block *b, int width, float *out) {
  for (int i = 0; i < width / 32; i++) {
    float s = half(b[i].scale);
    for (int j = 0; j < 16; j++) {
      out[i * 32 + j] = (float)((b[i].q[j] & 15) - 8) * s;
      out[i * 32 + j + 16] = (float)((b[i].q[j] >> 4) - 8) * s;
    }
  }
}

/* Rows of four bits a weight to eight bits with one scale a row. `row`: room for one. */
void EXPORT(widen)(const Block *from, int8_t *to, float *scale, float *row, int rows, int width) {
  for (int r = 0; r < rows; r++) {
    open_row(from + r * (width / 32), width, row);
    float most = 1e-12f;
    for (int i = 0; i < width; i++) {
      float a = row[i] < 0 ? -row[i] : row[i];
      if (a > most) most = a;
    }
    scale[r] = most / 127.f;
    for (int i = 0; i < width; i++) to[r * width + i] = (int8_t)__builtin_rintf(row[i] / scale[r]);
  }
}

void EXPORT(sums)(const int8_t *w, float *out, int rows, int width) {
  for (int r = 0; r < rows; r++) {
    int s = 0;
    for (int i = 0; i < width; i++) s += w[r * width + i];
    out[r] = (float)s;
  }
}

void EXPORT(embed)(const int32_t *ids, int n, const Block *word, const float *pos, float *x, int width) {
  for (int t = 0; t < n; t++) {
    float *row = x + t * width;
    open_row(word + ids[t] * (width / 32), width, row);
    for (int i = 0; i < width; i++) row[i] += pos[t * width + i];
  }
}

/* x = norm(x + y); y = 0: norm(x). */
void EXPORT(norm)(float *x, const float *y, const float *gain, const float *bias, int n, int width) {
  for (int t = 0; t < n; t++) {
    float *row = x + t * width;
    v128_t s = wasm_f32x4_splat(0.f), d2 = s;
    for (int i = 0; i < width; i += 4) {
      v128_t v = wasm_v128_load(row + i);
      if (y) v = wasm_f32x4_add(v, wasm_v128_load(y + t * width + i));
      wasm_v128_store(row + i, v);
      s = wasm_f32x4_add(s, v);
    }
    v128_t mean = wasm_f32x4_splat(sum4(s) / (float)width);
    for (int i = 0; i < width; i += 4) {
      v128_t d = wasm_f32x4_sub(wasm_v128_load(row + i), mean);
      d2 = wasm_f32x4_add(d2, wasm_f32x4_mul(d, d));
    }
    v128_t inv = wasm_f32x4_splat(1.f / __builtin_sqrtf(sum4(d2) / (float)width + 1e-12f));
    for (int i = 0; i < width; i += 4) {
      v128_t v = wasm_f32x4_mul(wasm_f32x4_sub(wasm_v128_load(row + i), mean), inv);
      wasm_v128_store(row + i, wasm_f32x4_add(wasm_f32x4_mul(v, wasm_v128_load(gain + i)), wasm_v128_load(bias + i)));
    }
  }
}

void EXPORT(gelu)(float *x, int count) {
  v128_t one = wasm_f32x4_splat(1.f);
  const float c[] = {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f};
  for (int i = 0; i < count; i += 4) {
    v128_t v = wasm_v128_load(x + i);
    v128_t z = wasm_f32x4_mul(v, wasm_f32x4_splat(0.70710678f));
    v128_t a = wasm_f32x4_abs(z);
    v128_t t = wasm_f32x4_div(one, wasm_f32x4_add(one, wasm_f32x4_mul(a, wasm_f32x4_splat(0.3275911f))));
    v128_t p = wasm_f32x4_splat(1.061405429f);
    for (int k = 0; k < 4; k++) p = wasm_f32x4_add(wasm_f32x4_mul(p, t), wasm_f32x4_splat(c[k]));
    v128_t e = wasm_f32x4_sub(one, wasm_f32x4_mul(wasm_f32x4_mul(p, t), exp4(wasm_f32x4_neg(wasm_f32x4_mul(a, a)))));
    v128_t sign = wasm_v128_and(z, wasm_i32x4_splat(0x80000000));
    v128_t erf = wasm_v128_or(e, sign);
    wasm_v128_store(x + i, wasm_f32x4_mul(wasm_f32x4_mul(v, wasm_f32x4_splat(0.5f)), wasm_f32x4_add(one, erf)));
  }
}

/* Rows to seven bits each from the row's least value on, padded to four rows: what the multiplication below takes on every machine alike. */
void EXPORT(pack)(const float *x, uint8_t *q, float *scale, float *least, int n, int width) {
  for (int t = 0; t < n; t++) {
    const float *row = x + t * width;
    v128_t lo = wasm_v128_load(row), hi = lo;
    for (int i = 4; i < width; i += 4) {
      v128_t v = wasm_v128_load(row + i);
      lo = wasm_f32x4_pmin(lo, v);
      hi = wasm_f32x4_pmax(hi, v);
    }
    float l = wasm_f32x4_extract_lane(lo, 0), h = wasm_f32x4_extract_lane(hi, 0);
    float ls[4], hs[4];
    wasm_v128_store(ls, lo);
    wasm_v128_store(hs, hi);
    for (int i = 1; i < 4; i++) {
      if (ls[i] < l) l = ls[i];
      if (hs[i] > h) h = hs[i];
    }
    float s = (h - l) / 127.f;
    if (!(s > 1e-20f)) s = 1e-20f;
    scale[t] = s;
    least[t] = l;
    v128_t by = wasm_f32x4_splat(1.f / s), off = wasm_f32x4_splat(l);
    for (int i = 0; i < width; i += 16) {
      v128_t v[4];
      for (int k = 0; k < 4; k++)
        v[k] = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_mul(wasm_f32x4_sub(wasm_v128_load(row + i + 4 * k), off), by)));
      v128_t b = wasm_u8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(v[0], v[1]), wasm_i16x8_narrow_i32x4(v[2], v[3]));
      wasm_v128_store(q + t * width + i, wasm_u8x16_min(b, wasm_i8x16_splat(127)));
    }
  }
}

/* y[n, rows] = x[n, width] w[rows, width]' + bias, of packed x; x and y have room for n rounded up to four. rows even. */
void EXPORT(times)(const uint8_t *x, const float *scale, const float *least, const int8_t *w, const float *wscale, const float *wsum,
                   const float *bias, float *y, int n, int rows, int width) {
  for (int r = 0; r < rows; r += 2) {
    const int8_t *w0 = w + r * width, *w1 = w0 + width;
    for (int t = 0; t < n; t += 4) {
      const uint8_t *a = x + t * width;
      v128_t s[8];
      for (int k = 0; k < 8; k++) s[k] = wasm_i32x4_splat(0);
      for (int i = 0; i < width; i += 16) {
        v128_t v0 = wasm_v128_load(w0 + i), v1 = wasm_v128_load(w1 + i);
#pragma clang loop unroll(full)
        for (int k = 0; k < 4; k++) {
          v128_t q = wasm_v128_load(a + k * width + i);
          s[2 * k] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(v0, q, s[2 * k]);
          s[2 * k + 1] = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(v1, q, s[2 * k + 1]);
        }
      }
      for (int k = 0; k < 4 && t + k < n; k++)
        for (int j = 0; j < 2; j++)
          y[(t + k) * rows + r + j] =
              wscale[r + j] * (scale[t + k] * (float)sum4i(s[2 * k + j]) + least[t + k] * wsum[r + j]) + bias[r + j];
    }
  }
}

/* One layer's attention. qkv: rows of queries, keys, values; heads of 32. `p`: room for n. */
void EXPORT(attend)(const float *qkv, float *out, float *p, int n, int heads) {
  int width = heads * 32, step = width * 3;
  for (int h = 0; h < heads; h++) {
    const float *q = qkv + h * 32, *k = q + width, *v = k + width;
    for (int t = 0; t < n; t++) {
      v128_t a[8];
      for (int i = 0; i < 8; i++) a[i] = wasm_f32x4_mul(wasm_v128_load(q + t * step + 4 * i), wasm_f32x4_splat(0.17677669529f));
      float most = -1e30f;
      for (int u = 0; u < n; u++) {
        v128_t s = wasm_f32x4_mul(a[0], wasm_v128_load(k + u * step));
        for (int i = 1; i < 8; i++) s = wasm_f32x4_add(s, wasm_f32x4_mul(a[i], wasm_v128_load(k + u * step + 4 * i)));
        p[u] = sum4(s);
        if (p[u] > most) most = p[u];
      }
      float all = 0.f;
      for (int u = 0; u < n; u += 4) {
        v128_t e = exp4(wasm_f32x4_sub(wasm_v128_load(p + u), wasm_f32x4_splat(most)));
        wasm_v128_store(p + u, e);
      }
      for (int u = 0; u < n; u++) all += p[u];
      v128_t o[8];
      for (int i = 0; i < 8; i++) o[i] = wasm_f32x4_splat(0.f);
      for (int u = 0; u < n; u++) {
        v128_t w = wasm_f32x4_splat(p[u]);
        for (int i = 0; i < 8; i++) o[i] = wasm_f32x4_add(o[i], wasm_f32x4_mul(w, wasm_v128_load(v + u * step + 4 * i)));
      }
      v128_t inv = wasm_f32x4_splat(1.f / all);
      for (int i = 0; i < 8; i++) wasm_v128_store(out + t * width + h * 32 + 4 * i, wasm_f32x4_mul(o[i], inv));
    }
  }
}
