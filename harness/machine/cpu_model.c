/* cpu_model.c - see cpu_model.h. */
#include "harness/machine/cpu_model.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { LINE_SIZE = 256, WORD_SIZE = 32 };

/* The text after "key   : " in a line; NULL: it is another line. */
static const char *value_of(char *line, const char *key)
{
    size_t length = strlen(key);
    const char *at = line + length;

    if (strncmp(line, key, length) != 0)
        return NULL;
    at += strspn(at, " \t");
    if (*at != ':')
        return NULL;
    at++;
    line[strcspn(line, "\r\n")] = '\0';
    return at + strspn(at, " \t");
}

/* Adds "CPU implementer 0x41 part 0xd08" to the text unless it is there. */
static void add_part(char *text, const char *implementer, const char *part)
{
    char words[2 * WORD_SIZE + 32];

    (void)snprintf(words, sizeof(words), "CPU implementer %s part %s", implementer, part);
    if (!strstr(text, words))
        (void)text_append_item(text, CPU_MODEL_SIZE, "%s", words);
}

/* Reads the name of the model, or else the parts that the CPUs are made of. True: it was
 * a name. */
static bool read_cpuinfo(const char *root, char *name, char *parts)
{
    FILE *file = file_open("%s/proc/cpuinfo", root);
    char implementer[WORD_SIZE] = "";
    char line[LINE_SIZE];

    while (file && !name[0] && fgets(line, sizeof(line), file)) {
        const char *value;

        if ((value = value_of(line, "model name")))
            (void)snprintf(name, CPU_MODEL_SIZE, "%s", value);
        else if ((value = value_of(line, "CPU implementer")))
            (void)snprintf(implementer, sizeof(implementer), "%.*s", WORD_SIZE - 1,
                           value);
        else if ((value = value_of(line, "CPU part")) && implementer[0])
            add_part(parts, implementer, value);
    }
    if (file)
        (void)fclose(file);
    return name[0];
}

/* A text of the device tree ends with a NUL and no line feed. */
static void read_board(const char *root, char board[LINE_SIZE])
{
    static const char *const paths[] = {"/proc/device-tree/model",
                                        "/sys/firmware/devicetree/base/model"};

    for (size_t i = 0; !board[0] && i < sizeof(paths) / sizeof(paths[0]); i++) {
        FILE *file = file_open("%s%s", root, paths[i]);

        if (!file)
            continue;
        board[fread(board, 1, LINE_SIZE - 1, file)] = '\0';
        board[strcspn(board, "\r\n")] = '\0';
        (void)fclose(file);
    }
}

const char *cpu_model(const char *root, char text[CPU_MODEL_SIZE])
{
    char parts[CPU_MODEL_SIZE] = "";
    char board[LINE_SIZE] = "";

    text[0] = '\0';
    if (read_cpuinfo(root, text, parts))
        return text;
    read_board(root, board);
    (void)snprintf(text, CPU_MODEL_SIZE, "%.127s", board[0] ? board : parts);
    if (board[0] && parts[0])
        (void)text_append(text, CPU_MODEL_SIZE, " (%.120s)", parts);
    return text;
}
