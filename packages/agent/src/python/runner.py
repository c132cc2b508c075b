# Runs the code of one call in the sandbox. Reads {"code", "params", "packages", "limits"} as JSON from standard input.
# Writes the outcome to file descriptor 3, as {"result"} or {"error"}. Standard output belongs to the code.
import io
import json
import os
import resource
import sys
import traceback


def limit(limits):
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(19)


def told(error):
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<code>"]
    line = lines[-1] if lines else error.lineno if isinstance(error, SyntaxError) else None
    what = "".join(traceback.format_exception_only(error)).strip()
    return what if line is None else f"{what} (line {line})"


def outcome(code, params):
    names = {name: value for name, value in params.items() if name.isidentifier()}
    names.update({"params": params, "__name__": "__main__"})
    try:
        exec(compile(code, "<code>", "exec"), names)
    except SystemExit as error:
        if error.code not in (None, 0):
            return {"error": f"the code ended itself with {error.code}"}
    except BaseException as error:
        return {"error": told(error)}
    try:
        return {"result": json.loads(json.dumps(names.get("result"), default=str, allow_nan=False))}
    except BaseException as error:
        return {"error": f"the result cannot be written as JSON: {told(error)}"}


def main():
    task = json.loads(sys.stdin.buffer.read())
    sys.stdin = io.StringIO()
    channel = os.fdopen(3, "w", encoding="utf-8")
    sys.path.extend(task["packages"])
    limit(task["limits"])
    ended = outcome(task["code"], task["params"])
    try:
        sys.stdout.flush()
    finally:
        json.dump(ended, channel)
        channel.close()
        os._exit(0)


main()
