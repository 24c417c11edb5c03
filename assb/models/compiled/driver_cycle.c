/* Steps under control of current, voltage or power with cut-offs, repeated; placed after driver.c.

   `current` of the generated functions is here u = (a, b, c, d, scale): the applied current is an
   algebraic state, in multiples of `scale`, with the residual a I + b V + c V I - d. The last
   differential state is the charge passed [A.h]. Outputs from FIRST_EVENT on are values of the model's events:
   where one of them falls to zero the set ends. `advance` returns, besides the state, the WATCHED numbers
   that the step size is controlled by: V, V by the embedded solution, I, I by the embedded solution, and
   the largest error of a differential state. (The voltage alone would not do: it hardly sees the core of
   a particle through which a sharp front moves, until it is too late.)

   One source for one parameter set at a time and for one in each vector lane. Every lane has a time,
   a step size and a place in the protocol of its own and takes the next parameter set as soon as it
   has finished one, so that a set neither waits for the others nor depends on them. */

#ifdef ASSB_LANES
#define AT(v, i, l) ((v)[i][l]) /* element i of an array of reals, in lane l */
#else
#define LANES 1
#define AT(v, i, l) ((v)[(i) + (l)])
#endif
#define WATCHED 5
#define END 5 /* columns of the summary before the outputs */

enum { CURRENT_CUT = -1, CAPACITY_CUT = -2 };
enum { TOO_SMALL = 4, TOO_MANY = 5, EVENT = 6 };
/* What a lane does next: nothing, take a set, settle it, start a step, integrate, narrow down a cut-off. */
enum { IDLE, FRESH, LOADED, BEGIN, RUN, LOCATE };

/* First integration step after a switch [s]; integration steps within one step of the protocol. */
#define FIRST_SIZE 0.1
#define SAME_TIME 1e-9
#define MOST_ATTEMPTS 1000000L


/* fabs of a plain number: the name may stand for that of a vector. */
static double absolute(double x) { return x < 0.0 ? -x : x; }

/* What to do, and where the results go; as the arguments of assb_cycle. */
typedef struct {
    long n_sets, n_total;
    int n_steps;
    const double *controls, *durations, *longest;
    const int *cut_start, *what, *direction;
    const double* threshold;
    double tolerance, current_tolerance, state_tolerance, start[5];
    const double* inputs;
    double* summary;
    int *reason, *status;
    long *reached, n_out, out_stride;
    const double* out_times;
    const int* out_steps;
    double* out;
    long n_trace;
    double* trace;
    long* counts;
} Task;

typedef struct {
    long set, k, attempts, i_out;
    int phase, step, cut, side, narrowings, landed;
    double before, t, h, size, charge_at_start, slope; /* `before`: duration of the steps completed */
    double low, high, f_low, f_high;
} Lane;

typedef struct {
    real *p, *u, *h, *y, *next, *watch, *kept, *row, *here, *w, *factors, *scratch;
    long waiting, failures;
    int stale; /* what `kept` was prepared for has changed */
    Lane lane[LANES];
} Run;

/* Solve the algebraic equations in the lanes of `which`; leaves there those that succeeded. */
static void settle(Run* r, unsigned char* which)
{
#ifdef ASSB_LANES
    lanes_int mask;
    for (int l = 0; l < LANES; ++l) mask[l] = which[l] ? -1 : 0;
    mask = make_consistent(mask, r->y, r->p, r->u, r->factors, r->scratch, r->w);
    for (int l = 0; l < LANES; ++l) which[l] = mask[l] != 0;
#else
    if (which[0]) which[0] = !make_consistent(r->y, r->p, r->u, r->factors, r->scratch, r->w);
#endif
}

/* Clear the lanes that hold a number that is not finite. */
static void check(const real* v, int n, unsigned char* finite)
{
#ifdef ASSB_LANES
    const lanes_int mask = finite_lanes(v, n);
    for (int l = 0; l < LANES; ++l) finite[l] &= mask[l] != 0;
#else
    finite[0] &= all_finite(v, n);
#endif
}

static void set_control(Run* r, int l, const double* u)
{
    for (int i = 0; i < 5; ++i) AT(r->u, i, l) = u[i];
    r->stale = 1;
}

static double current_of(const Run* r, const real* y, int l) { return AT(y, NY - 1, l) * AT(r->u, 4, l); }

/* Positive once cut-off i has been passed, in the state y with the outputs `row`. */
static double beyond(const Task* task, const Run* r, int l, int i, const real* y, const real* row)
{
    double value;
    if (task->what[i] == CURRENT_CUT) value = absolute(current_of(r, y, l));
    else if (task->what[i] == CAPACITY_CUT) value = absolute(AT(y, NX - 1, l) - r->lane[l].charge_at_start);
    else value = AT(row, task->what[i], l);
    return task->direction[i] * (value - task->threshold[i]);
}

/* First cut-off of the step that has been passed, or -1. */
static int first_beyond(const Task* task, const Run* r, int l, const real* y, const real* row, double* amount)
{
    const int step = r->lane[l].step;
    for (int i = task->cut_start[step]; i < task->cut_start[step + 1]; ++i)
        if ((*amount = beyond(task, r, l, i, y, row)) >= 0.0) return i;
    return -1;
}

/* Time since the start of its step of the next output wanted in this step; infinite if there is none. */
static double next_output(const Task* task, Lane* lane)
{
    const double* times = task->out_times + lane->set * task->out_stride;
    if (!task->out_steps) return lane->i_out < task->n_out ? times[lane->i_out] - lane->before : INFINITY;
    const int* steps = task->out_steps + lane->set * task->out_stride;
    while (lane->i_out < task->n_out && steps[lane->i_out] < lane->k) ++lane->i_out; /* ended before */
    return lane->i_out < task->n_out && steps[lane->i_out] == lane->k ? times[lane->i_out] : INFINITY;
}

/* Outputs that are wanted now. */
static void write_outputs(const Task* task, Run* r, int l)
{
    Lane* lane = r->lane + l;
    while (next_output(task, lane) <= lane->t + SAME_TIME) {
        double* to = task->out + (lane->set * task->n_out + lane->i_out++) * (NOUT + 1);
        for (int j = 0; j < NOUT; ++j) to[j] = AT(r->here, j, l);
        to[NOUT] = current_of(r, r->y, l);
    }
}

/* Record the present state, whose outputs are in `here`. */
static void record_state(const Task* task, Run* r, int l)
{
    Lane* lane = r->lane + l;
    if (task->n_trace) {
        if (task->counts[0] < task->n_trace) {
            double* row = task->trace + task->counts[0] * (4 + NOUT + 1);
            row[0] = lane->before + lane->t;
            row[1] = (double)(lane->k / task->n_steps);
            row[2] = lane->step;
            row[3] = AT(r->here, VOLTAGE, l);
            row[4] = current_of(r, r->y, l);
            for (int j = 0; j < NOUT; ++j) row[5 + j] = AT(r->here, j, l);
        }
        ++task->counts[0];
    }
    write_outputs(task, r, l);
}

static void fail(const Task* task, Run* r, Lane* lane, int why)
{
    task->status[lane->set] = why;
    task->reached[lane->set] = lane->k;
    ++r->failures;
    lane->phase = FRESH;
}

static void finish_step(const Task* task, Run* r, int l, int cut)
{
    Lane* lane = r->lane + l;
    const long at = lane->set * task->n_total + lane->k;
    double* end = task->summary + at * (END + NOUT);
    end[0] = lane->t;
    end[1] = AT(r->here, VOLTAGE, l);
    end[2] = current_of(r, r->y, l);
    end[3] = AT(r->y, NX - 1, l) - lane->charge_at_start;
    end[4] = lane->slope;
    for (int j = 0; j < NOUT; ++j) end[END + j] = AT(r->here, j, l);
    task->reason[at] = cut;
    lane->before += lane->t;
    lane->step = (int)(++lane->k % task->n_steps);
    lane->phase = BEGIN;
    const int event = cut >= 0 && task->what[cut] >= FIRST_EVENT;
    if (event || lane->k == task->n_total) {
        task->status[lane->set] = event ? EVENT : OK;
        task->reached[lane->set] = lane->k;
        lane->phase = FRESH;
    }
}

/* Give the lane the next set, if there is one. */
static void load(const Task* task, Run* r, int l)
{
    Lane* lane = r->lane + l;
    if (r->waiting == task->n_sets) {
        lane->phase = IDLE;
        return;
    }
    memset(lane, 0, sizeof(Lane));
    lane->set = r->waiting++;
    lane->phase = LOADED;
    for (int i = 0; i < NP; ++i) AT(r->p, i, l) = task->inputs[lane->set * NP + i];
    set_control(r, l, task->start);
}

/* Start sets and steps until every lane integrates or has nothing left to do. Whether any integrates. */
static int start(const Task* task, Run* r)
{
    for (;;) {
        unsigned char which[LANES], asked[LANES], finite[LANES];
        int loaded = 0, starting = 0, busy = 0;
        for (int l = 0; l < LANES; ++l) {
            if (r->lane[l].phase == FRESH) load(task, r, l);
            loaded |= r->lane[l].phase == LOADED;
            finite[l] = 1;
        }
        if (loaded) {
            initial(r->p, r->u, r->next, r->w);
            check(r->next, NY, finite);
        }
        for (int l = 0; l < LANES; ++l) {
            Lane* lane = r->lane + l;
            if (lane->phase == LOADED)
                for (int i = 0; i < NY; ++i) AT(r->y, i, l) = AT(r->next, i, l);
            if (lane->phase == BEGIN) set_control(r, l, task->controls + 5 * lane->step);
            asked[l] = which[l] = lane->phase == LOADED || lane->phase == BEGIN;
            starting |= asked[l];
            busy |= lane->phase != IDLE;
        }
        if (!starting) return busy;
        settle(r, which);
        outputs(r->y, r->p, r->u, r->row, r->w);
        for (int l = 0; l < LANES; ++l) {
            Lane* lane = r->lane + l;
            double amount;
            if (!asked[l]) continue;
            if (!finite[l] || !which[l]) {
                fail(task, r, lane, finite[l] ? NO_CONSISTENT_STATE : BAD_START);
                continue;
            }
            for (int j = 0; j < NOUT; ++j) AT(r->here, j, l) = AT(r->row, j, l);
            lane->t = 0.0;
            if (lane->phase == LOADED) { /* what holds at time 0, before the first step */
                lane->phase = BEGIN;
                if (!task->out_steps) write_outputs(task, r, l);
                continue;
            }
            lane->phase = RUN;
            lane->h = task->longest[lane->step] < FIRST_SIZE ? task->longest[lane->step] : FIRST_SIZE;
            lane->attempts = 0;
            lane->slope = 0.0;
            lane->charge_at_start = AT(r->y, NX - 1, l);
            record_state(task, r, l);
            const int cut = first_beyond(task, r, l, r->y, r->here, &amount);
            if (cut >= 0) finish_step(task, r, l, cut);
        }
    }
}
