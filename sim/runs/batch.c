#include "sim/runs/batch.h"

#include "sim/base/engine_source.h"
#include "sim/base/machine.h"
#include "sim/runs/interrupts.h"

#include <pthread.h>
#include <stdatomic.h>

/* How many replications may wait for their turn, for each worker. */
#define AHEAD_PER_JOB 4
#define REPORT_PERIOD_MS 100
#define FILES_PER_JOB 2     /* its loop's, and a trace */
#define FILES_OF_PROGRAM 64 /* streams, the main loop's, those of the results */
#define WHOLE 1000000       /* of a replication, in what it reports */

/* One replication. The main thread makes it, a worker fills it, the main thread takes it. */
typedef struct {
    Batch *batch;
    const Scenario *scenario;
    int64_t point;
    int64_t number;
    GMainContext *context; /* NULL unless a worker runs this; guarded by the batch's mutex */
    GMainLoop *loop;
    Replication *replication; /* while it runs */
    uint64_t n_reported;      /* events */
    ReplicationResult result;
    atomic_int progress; /* of WHOLE */
    atomic_bool is_finished;
    atomic_bool is_unwanted; /* there are enough of its point */
    atomic_bool is_to_end;   /* at its next sample */
} Job;

struct Batch {
    const BatchTask *task;
    BatchTake take;
    gpointer data;
    guint progress_source; /* 0: none */
    GMainLoop *loop;
    GThreadPool *pool;
    pthread_mutex_t mutex; /* of the system: the thread sanitizer does not see into GLib */
    GQueue *jobs;          /* begun and not taken, in order */
    int64_t n;             /* in all */
    atomic_llong n_begun;
    int64_t n_taken;
    int64_t n_done; /* taken or left out */
    Progress progress;
    atomic_ullong n_events;
    atomic_bool is_cancelled;
    bool is_interrupted;
    GError *failure; /* of a replication or of who takes it: then nothing more is taken */
};

static Job *
job_new(Batch *batch, int64_t index)
{
    int64_t per_point = batch->task->last - batch->task->first + 1;
    Job *job = g_new0(Job, 1);

    job->batch = batch;
    job->point = index / per_point;
    job->number = batch->task->first + index % per_point;
    job->scenario = batch->task->points->pdata[job->point];
    return job;
}

static void
job_free(Job *job)
{
    replication_result_clear(&job->result);
    g_free(job);
}

/* In the worker's thread. */

static gboolean
quit_loop(gpointer data)
{
    Job *job = data;

    g_main_loop_quit(job->loop);
    return G_SOURCE_REMOVE;
}

static gboolean
report(gpointer data)
{
    Job *job = data;
    SimEngine *engine = replication_engine(job->replication);
    double done = (double)sim_engine_now(engine) / (double)replication_end(job->replication);
    uint64_t n_events = sim_engine_n_events(engine);

    atomic_store(&job->progress, (int)(done * WHOLE));
    atomic_fetch_add(&job->batch->n_events, n_events - job->n_reported);
    job->n_reported = n_events;
    return G_SOURCE_CONTINUE;
}

static gboolean
cut(gpointer data)
{
    Job *job = data;

    if (job->replication != NULL)
        replication_cut(job->replication);
    return G_SOURCE_REMOVE;
}

static void
attach(GSource *source, GMainContext *context, GSourceFunc function, gpointer data)
{
    g_source_set_callback(source, function, data, NULL);
    g_source_attach(source, context);
    g_source_unref(source);
}

/* Has @function called in the thread that iterates @context, and in no other:
 * g_main_context_invoke() calls it at once as long as no thread does. */
static void
invoke(GMainContext *context, GSourceFunc function, gpointer data)
{
    GSource *source = g_idle_source_new();

    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    attach(source, context, function, data);
}

static gboolean take_finished(gpointer data);

static bool
is_dropped(const Job *job)
{
    return atomic_load(&job->batch->is_cancelled) || atomic_load(&job->is_unwanted);
}

/* From now on the main thread reaches the job by its loop; before, by what it sets in it. */
static void
set_loop(Job *job, GMainContext *context)
{
    pthread_mutex_lock(&job->batch->mutex);
    job->context = context;
    pthread_mutex_unlock(&job->batch->mutex);
}

/* Runs the replication, with a loop that is there no longer than it needs: each holds a file open.
 */
static void
replicate(Job *job)
{
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);

    job->loop = loop;
    set_loop(job, context);
    if (!is_dropped(job)) {
        job->replication = replication_new(job->scenario, job->number);
        if (atomic_load(&job->is_to_end))
            replication_cut(job->replication);
        attach(sim_engine_source_new(replication_engine(job->replication), ENGINE_SOURCE_BATCH),
               context, quit_loop, job);
        attach(g_timeout_source_new(REPORT_PERIOD_MS), context, report, job);
        g_main_loop_run(loop);
        report(job);
        if (is_dropped(job))
            replication_free(job->replication);
        else
            job->result = replication_finish(job->replication);
        job->replication = NULL;
    }
    set_loop(job, NULL);
}

static void
run_job(gpointer data, gpointer user_data)
{
    Job *job = data;
    Batch *batch = user_data;

    /* sees the job, and all else that was there when it was begun */
    (void)atomic_load(&batch->n_begun);
    if (!is_dropped(job))
        replicate(job);
    atomic_store(&job->progress, WHOLE);
    atomic_store(&job->is_finished, true);
    invoke(NULL, take_finished, batch);
}

/* In the main thread. */

static void
begin_jobs(Batch *batch)
{
    int64_t n_begun = atomic_load(&batch->n_begun);

    while (n_begun < batch->n && !batch->is_interrupted &&
           batch->jobs->length < AHEAD_PER_JOB * batch->task->jobs) {
        Job *job = job_new(batch, n_begun);

        g_queue_push_tail(batch->jobs, job);
        atomic_store(&batch->n_begun, ++n_begun);
        g_thread_pool_push(batch->pool, job, NULL);
    }
}

/* Has @function called in the job's loop, if it has one now. */
static void
invoke_job(Job *job, GSourceFunc function)
{
    pthread_mutex_lock(&job->batch->mutex);
    if (job->context != NULL)
        invoke(job->context, function, job);
    pthread_mutex_unlock(&job->batch->mutex);
}

/* No more of @point: those under way are dropped, those to come are left out. */
static void
close_point(Batch *batch, int64_t point)
{
    int64_t per_point = batch->task->last - batch->task->first + 1;
    int64_t next = (point + 1) * per_point;

    for (GList *link = batch->jobs->head; link != NULL; link = link->next) {
        Job *job = link->data;

        if (job->point != point)
            continue;
        atomic_store(&job->is_unwanted, true);
        invoke_job(job, quit_loop);
    }
    batch->n_done = next;
    if (atomic_load(&batch->n_begun) < next)
        atomic_store(&batch->n_begun, next);
}

/* Hands over a job's replication. */
static void
take_job(Batch *batch, Job *job)
{
    if (!atomic_load(&job->is_unwanted)) {
        bool is_wanted = batch->take(job->point, job->number, &job->result, batch->data);

        batch->n_taken++;
        batch->n_done++;
        if (!is_wanted)
            close_point(batch, job->point);
    }
    job_free(job);
}

static gboolean
take_finished(gpointer data)
{
    Batch *batch = data;
    Job *job;

    if (atomic_load(&batch->is_cancelled) || batch->failure != NULL)
        return G_SOURCE_REMOVE;
    while ((job = g_queue_peek_head(batch->jobs)) != NULL && atomic_load(&job->is_finished)) {
        if (job->result.failure != NULL) {
            batch->failure = g_error_copy(job->result.failure);
            g_main_loop_quit(batch->loop);
            return G_SOURCE_REMOVE;
        }
        g_queue_pop_head(batch->jobs);
        take_job(batch, job);
        if (batch->is_interrupted || batch->failure != NULL) {
            g_main_loop_quit(batch->loop);
            return G_SOURCE_REMOVE;
        }
    }
    begin_jobs(batch);
    if (batch->n_done == batch->n)
        g_main_loop_quit(batch->loop);
    return G_SOURCE_REMOVE;
}

/* The job goes on to its next sample, whether it runs already or not. */
static void
end_early(Job *job)
{
    atomic_store(&job->is_to_end, true);
    invoke_job(job, cut);
}

static void
on_interrupt(gpointer data)
{
    Batch *batch = data;
    bool is_impatient = batch->is_interrupted;

    batch->is_interrupted = true;
    if (batch->n_taken > 0 || is_impatient)
        g_main_loop_quit(batch->loop);
    else {
        progress_say(&batch->progress,
                     "interrupted: ends at the next sample; once more to end at once");
        end_early(g_queue_peek_head(batch->jobs));
    }
}

static gboolean
on_progress(gpointer data)
{
    Batch *batch = data;
    double done = (double)batch->n_done;
    g_autofree char *what = g_strdup_printf(
        "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " replications done", batch->n_taken, batch->n);

    for (GList *link = batch->jobs->head; link != NULL; link = link->next)
        done += (double)atomic_load(&((Job *)link->data)->progress) / WHOLE;
    progress_show(&batch->progress, done / (double)batch->n, atomic_load(&batch->n_events), what);
    return G_SOURCE_CONTINUE;
}

/* Ends the workers, wherever they are, and drops what was not taken. */
static void
stop(Batch *batch)
{
    atomic_store(&batch->is_cancelled, true);
    for (GList *link = batch->jobs->head; link != NULL; link = link->next)
        invoke_job(link->data, quit_loop);
    g_thread_pool_free(batch->pool, FALSE, TRUE);
    for (GList *link = batch->jobs->head; link != NULL; link = link->next)
        g_assert(atomic_load(&((Job *)link->data)->is_finished)); /* and sees all that was done */
    while (g_main_context_iteration(NULL, FALSE)) /* what they still wanted to say */
        continue;
}

Batch *
batch_new(const BatchTask *task, ProgressMode mode)
{
    Batch *batch = g_new0(Batch, 1);

    batch->task = task;
    batch->n = task->points->len * (task->last - task->first + 1);
    batch->loop = g_main_loop_new(NULL, FALSE);
    batch->jobs = g_queue_new();
    pthread_mutex_init(&batch->mutex, NULL);
    interrupts_begin(on_interrupt, batch);
    progress_init(&batch->progress, mode);
    if (progress_period_ms(&batch->progress) > 0)
        batch->progress_source =
            g_timeout_add(progress_period_ms(&batch->progress), on_progress, batch);
    return batch;
}

void
batch_free(Batch *batch)
{
    interrupts_end();
    g_queue_free_full(batch->jobs, (GDestroyNotify)job_free);
    g_main_loop_unref(batch->loop);
    g_clear_error(&batch->failure);
    pthread_mutex_destroy(&batch->mutex);
    g_free(batch);
}

/* All of them, or none: fewer would only be slower, but whoever asked for more should know. */
static bool
start_workers(Batch *batch, GError **error)
{
    guint n_files = batch->task->jobs * FILES_PER_JOB + FILES_OF_PROGRAM;
    guint n_allowed = machine_allow_files(n_files);
    g_autoptr(GError) failure = NULL;

    if (n_allowed < n_files) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_MFILE,
                    "%u replications side by side need %u open files, the system allows %u",
                    batch->task->jobs, n_files, n_allowed);
        return false;
    }
    batch->pool = g_thread_pool_new(run_job, batch, (gint)batch->task->jobs, TRUE, &failure);
    if (failure == NULL)
        return true;
    g_set_error(error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN,
                "%u replications side by side need a thread each: %s", batch->task->jobs,
                failure->message);
    g_thread_pool_free(g_steal_pointer(&batch->pool), TRUE, TRUE);
    return false;
}

void
batch_fail(Batch *batch, GError *failure)
{
    if (batch->failure == NULL)
        batch->failure = failure;
    else
        g_error_free(failure);
}

bool
batch_run(Batch *batch, BatchTake take, gpointer data, GError **error)
{
    batch->take = take;
    batch->data = data;
    if (!start_workers(batch, error))
        return false;
    begin_jobs(batch);
    g_main_loop_run(batch->loop);
    g_clear_handle_id(&batch->progress_source, g_source_remove);
    if (!batch->is_interrupted)
        interrupts_end();
    stop(batch);
    progress_end(&batch->progress);
    if (batch->failure != NULL)
        g_propagate_error(error, g_steal_pointer(&batch->failure));
    return !batch->is_interrupted;
}
