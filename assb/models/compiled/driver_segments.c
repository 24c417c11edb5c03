/* A stretch of the time grid from a given state, with derivatives along given directions; placed after the other
   drivers, same conventions.

   Direction k moves the state by s_k (NY) and the inputs by dp_k (NP). With ASSB_LANES each lane is a direction:
   all lanes hold the same state and inputs, and blocks of WIDTH directions advance together. */

#ifdef ASSB_LANES
#define WIDTH LANES
#define LANE(vector, l) ((vector)[l])
#define SAME(scalar) ((scalar) - LITERAL(0.0))
static int everything_finite(const real* v, int n) { return !any(~finite_lanes(v, n)); }
#else
#define WIDTH 1
#define LANE(vector, l) (vector)
#define SAME(scalar) (scalar)
static int everything_finite(const real* v, int n) { return all_finite(v, n); }
#endif

static void spread(const double* from, int n, real* to)
{
    for (int i = 0; i < n; ++i) to[i] = SAME(from[i]);
}

/* From (n_directions, n) to blocks of n vectors; spare lanes do not move. */
static void pack(const double* from, int n_directions, int n, real* to)
{
    for (int k = 0; k < (n_directions + WIDTH - 1) / WIDTH * WIDTH; ++k)
        for (int i = 0; i < n; ++i)
            LANE(to[k / WIDTH * n + i], k % WIDTH) = k < n_directions ? from[k * n + i] : 0.0;
}

static void unpack(const real* from, int n_directions, int n, double* to)
{
    for (int k = 0; k < n_directions; ++k)
        for (int i = 0; i < n; ++i) to[k * n + i] = LANE(from[k / WIDTH * n + i], k % WIDTH);
}

#if NZ > 0
static int meet_constraints(real* y, real* s, int n_blocks, const real* dp, const real* p, const real* present,
                            real* factors, real* scratch, real* w)
{
#ifdef ASSB_LANES
    if (any(~make_consistent(INTEGER(-1), y, p, present, factors, scratch, w))) return NO_CONSISTENT_STATE;
#else
    if (make_consistent(y, p, present, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
    if (n_blocks) alg_factor(y, p, present, factors, w);
    for (int k = 0; k < n_blocks; ++k) {
        alg_tangent(y, p, present, factors, s + k * NY, dp + k * NP, scratch, w);
        memcpy(s + k * NY, scratch, NY * sizeof(real));
    }
    return OK;
}
#endif

/* Doubles that the functions below need. */
EXPORT long assb_segment_workspace(long n_directions)
{
    const long blocks = (n_directions + WIDTH - 1) / WIDTH;
    const long reals = 2L * NY + NP + blocks * (2L * NY + NP) + NKEPT + NKEPT_TANGENT + NLU + 4L * NY + NOUT + 2L
                       + NWORK + NFACTOR + NY + 2L * NZ;
    return WIDTH * (reals + 1L);
}

/* Vectors sit at multiples of their size. */
static real* aligned(double* work)
{
    return (real*)(((size_t)work + sizeof(real) - 1) / sizeof(real) * sizeof(real));
}

/* State (NY) and tangents (n_directions, NY) at the start of the simulation. */
EXPORT int assb_start(double current, int n_directions, const double* dp_in, const double* p_in, double* y_out,
                      double* s_out, double* work)
{
    const int n_blocks = (n_directions + WIDTH - 1) / WIDTH;
    real *p = aligned(work), *y = p + NP, *dp = y + NY, *s = dp + n_blocks * NP, *w = s + n_blocks * NY;
    const real present = SAME(current);
    spread(p_in, NP, p);
    pack(dp_in, n_directions, NP, dp);
    initial(p, &present, y, w);
    if (!everything_finite(y, NY)) return BAD_START;
    for (int k = 0; k < n_blocks; ++k) initial_tangent(p, &present, dp + k * NP, s + k * NY, w);
    unpack(y, 1, NY, y_out);
    unpack(s, n_directions, NY, s_out);
    return OK;
}

/* From the state and tangents given, whose algebraic part is a guess, to the end of the stretch, in place. A row
   of `out` (n_rows, NOUT) and of `slope` (n_rows, NOUT, n_directions) follows each marked step and, if asked, the
   start under the current `before`. Returns the status. */
EXPORT int assb_segment(int n_steps, const double* h, const double* current, const unsigned char* emit,
                        double before, int emit_first, int n_directions, const double* dp_in, const double* p_in,
                        double* y_io, double* s_io, double* out, double* slope, double* work)
{
    const int n_blocks = (n_directions + WIDTH - 1) / WIDTH;
    real *p = aligned(work), *y = p + NP, *next = y + NY, *dp = next + NY, *s = dp + n_blocks * NP;
    real *s_next = s + n_blocks * NY, *kept = s_next + n_blocks * NY, *kept_tangent = kept + NKEPT;
    real *lu = kept_tangent + NKEPT_TANGENT, *stages = lu + NLU, *row = stages + 4 * NY, *w = row + NOUT;
#if NZ > 0
    real *factors = w + NWORK, *scratch = factors + NFACTOR;
#endif
    double now = before, h_prepared = 0.0;
    real present = SAME(now), size = SAME(0.0);
    spread(p_in, NP, p);
    spread(y_io, NY, y);
    pack(dp_in, n_directions, NP, dp);
    pack(s_io, n_directions, NY, s);
    for (int step = -1; step < n_steps; ++step) {
        if (step < 0 || current[step] != now) {
            if (step >= 0) now = current[step];
            present = SAME(now);
            h_prepared = 0.0;
#if NZ > 0
            if (meet_constraints(y, s, n_blocks, dp, p, &present, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
        }
        if (step >= 0) {
            if (h[step] != h_prepared) {
                h_prepared = h[step];
                size = SAME(h_prepared);
                advance_prepare(y, p, &present, &size, kept, w);
            }
            advance(y, p, &present, &size, kept, next, lu, stages, w);
            if (!everything_finite(next, NY)) return NOT_FINITE;
            if (n_blocks) tangent_prepare(y, p, &present, &size, lu, stages, s, dp, kept_tangent, w);
            for (int k = 0; k < n_blocks; ++k)
                tangent(y, p, &present, &size, lu, stages, s + k * NY, dp + k * NP, kept_tangent, s_next + k * NY,
                        w);
            real* swap = y;
            y = next;
            next = swap;
            swap = s;
            s = s_next;
            s_next = swap;
        }
        if (step < 0 ? emit_first : emit[step]) {
            outputs(y, p, &present, row, w);
            if (!everything_finite(row, NOUT)) return NOT_FINITE;
            unpack(row, 1, NOUT, out);
            out += NOUT;
            for (int k = 0; k < n_blocks; ++k) {
                outputs_tangent(y, p, &present, s + k * NY, dp + k * NP, row, w);
                for (int l = 0; l < WIDTH && k * WIDTH + l < n_directions; ++l)
                    for (int i = 0; i < NOUT; ++i) slope[i * n_directions + k * WIDTH + l] = LANE(row[i], l);
            }
            slope += NOUT * n_directions;
        }
    }
    unpack(y, 1, NY, y_io);
    unpack(s, n_directions, NY, s_io);
    return everything_finite(s, n_blocks * NY) ? OK : NOT_FINITE;
}
