/* Loaded before a program (LD_PRELOAD): writes down every change it makes to the files of one folder, in the order in
   which the kernel gets them, and may answer that the disk is full or that a sync failed. What the program asks for is
   otherwise done as asked. No part of the product.

   YINLING_WATCH  the folder            YINLING_OPS   where the record goes; without, nothing is recorded
   YINLING_FAIL   full:N, sync:N, or file:N for the Nth sync of a file (not of a folder)
   YINLING_FULL   while this file exists the disk is full

   A record is: what (1), length of the path (4), path below the folder, a number (8), length of the data (4), data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 1024
#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static char *names[MOST];
static const char *watched, *full_while;
static int record = -1, ready, wants_space, syncs;
static int full_from = -1, sync_at = -1, files_only;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void begin(void) {
    if (ready) return;
    ready = 1;
    const char *path = getenv("YINLING_OPS"), *fail = getenv("YINLING_FAIL");
    watched = getenv("YINLING_WATCH");
    full_while = getenv("YINLING_FULL");
    if (fail && !strncmp(fail, "full:", 5)) full_from = atoi(fail + 5);
    if (fail && !strncmp(fail, "sync:", 5)) sync_at = atoi(fail + 5);
    if (fail && !strncmp(fail, "file:", 5)) { sync_at = atoi(fail + 5); files_only = 1; }
    if (path) {
        int fd = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
        record = fcntl(fd, F_DUPFD_CLOEXEC, 900);
        REAL(close)(fd);
    }
}

static const char *below(const char *path) {
    /* A path from where the program stands; a rename looks at two. */
    static char whole[2][4096];
    static int next;
    char here[2048];
    if (path && *path && *path != '/' && getcwd(here, sizeof here)) {
        next = !next;
        snprintf(whole[next], sizeof whole[next], "%s/%s", here, path);
        path = whole[next];
    }
    size_t length = watched ? strlen(watched) : 0;
    if (!length || !path || strncmp(path, watched, length)) return NULL;
    if (!path[length]) return "";
    if (path[length] != '/') return NULL;
    /* Shared memory of SQLite: made anew by whoever opens the folder first. */
    size_t all = strlen(path);
    return all > 4 && !strcmp(path + all - 4, "-shm") ? NULL : path + length + 1;
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST ? names[fd] : NULL; }

static void note(char what, const char *path, uint64_t number, const void *data, uint32_t size) {
    if (record < 0) return;
    uint32_t length = (uint32_t)strlen(path);
    struct iovec parts[] = {{&what, 1}, {&length, 4}, {(void *)path, length}, {&number, 8}, {&size, 4}, {(void *)data, size}};
    if (REAL(writev)(record, parts, 6) < 0) abort();
}

/* 0: there is room; 1: half of it fits; 2: nothing fits. */
static int room(void) {
    int number = ++wants_space;
    if (full_while && REAL(access)(full_while, F_OK) == 0) return 2;
    if (full_from < 0 || number < full_from) return 0;
    return number == full_from ? 1 : 2;
}

static int opened(int fd, const char *path, int flags, int existed) {
    const char *name = below(path);
    if (fd < 0 || fd >= MOST || !name) return fd;
    free(names[fd]);
    names[fd] = strdup(name);
    if (!existed && (flags & O_CREAT)) note('C', name, 0, "", 0);
    else if (flags & O_TRUNC) note('T', name, 0, "", 0);
    return fd;
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
    pthread_mutex_lock(&one);
    begin();
    int existed = REAL(faccessat)(at, path, F_OK, 0) == 0, fd = -1;
    if (!existed && (flags & O_CREAT) && below(path) && room()) errno = ENOSPC;
    else fd = opened(REAL(openat)(at, path, flags, mode), path, flags, existed);
    int error = errno;
    pthread_mutex_unlock(&one);
    errno = error;
    return fd;
}

#define MODE(flags, last) mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, last); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags, flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags, flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags, flags) return open_any(at, path, flags, mode); }

int close(int fd) {
    pthread_mutex_lock(&one);
    if (fd >= 0 && fd < MOST) { free(names[fd]); names[fd] = NULL; }
    int done = REAL(close)(fd);
    pthread_mutex_unlock(&one);
    return done;
}

static ssize_t write_at(int fd, const void *data, size_t size, off_t at, int moves) {
    pthread_mutex_lock(&one);
    begin();
    const char *name = name_of(fd);
    int left = name ? room() : 0;
    ssize_t done = -1;
    if (left == 1) size /= 2;
    if (left == 2 || (left == 1 && !size)) errno = ENOSPC;
    else {
        if (fd == 1 && watched) note('A', "", 0, data, (uint32_t)size);
        if (name && moves) at = REAL(fcntl)(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
        done = moves ? REAL(write)(fd, data, size) : REAL(pwrite)(fd, data, size, at);
        if (name && done > 0) note('W', name, (uint64_t)at, data, (uint32_t)done);
    }
    int error = errno;
    pthread_mutex_unlock(&one);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return write_at(fd, data, size, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return write_at(fd, data, size, at, 0); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return write_at(fd, data, size, at, 0); }

static int cut(int fd, off_t length) {
    pthread_mutex_lock(&one);
    begin();
    const char *name = name_of(fd);
    int done = REAL(ftruncate)(fd, length);
    if (name && !done) note('T', name, (uint64_t)length, "", 0);
    pthread_mutex_unlock(&one);
    return done;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int sync_any(int fd, const char *how) {
    pthread_mutex_lock(&one);
    begin();
    const char *name = name_of(fd);
    struct stat what;
    int folder = name && !fstat(fd, &what) && S_ISDIR(what.st_mode), done = -1, error = EIO;
    if (!name || (folder && files_only) || ++syncs != sync_at) {
        done = ((int (*)(int))real(how))(fd);
        error = errno;
        if (name && !done) note(folder ? 'D' : 'S', name, 0, "", 0);
    } else note('F', name, 0, "", 0);
    pthread_mutex_unlock(&one);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_any(fd, "fsync"); }
int fdatasync(int fd) { return sync_any(fd, "fdatasync"); }

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&one);
    begin();
    const char *old = below(from), *new = below(to);
    int done = REAL(rename)(from, to);
    if (old && new && !done) note('R', old, 0, new, (uint32_t)strlen(new));
    pthread_mutex_unlock(&one);
    return done;
}

int unlink(const char *path) {
    pthread_mutex_lock(&one);
    begin();
    int done = REAL(unlink)(path);
    if (below(path) && !done) note('U', below(path), 0, "", 0);
    pthread_mutex_unlock(&one);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    pthread_mutex_lock(&one);
    begin();
    int done = -1;
    if (below(path) && REAL(access)(path, F_OK) && room()) errno = ENOSPC;
    else done = REAL(mkdir)(path, mode);
    int error = errno;
    if (below(path) && !done) note('M', below(path), 0, "", 0);
    pthread_mutex_unlock(&one);
    errno = error;
    return done;
}
