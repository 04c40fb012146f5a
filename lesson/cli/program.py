"""The program `knobs`: its commands by name, and its errors in one sentence.

A command's module is imported only when the command runs, so `knobs --help` does not wait for NumPy or manim.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

import click

from lesson.render.threads import limit_matrix_threads, unusable_threads

# Each command with the first sentence of its own --help, in the order in which a newcomer meets them.
COMMANDS = {
    "lesson": "Render every scene and make the pages of the lesson.",
    "scenes": "List the scenes in order, and how long they are.",
    "script": "Write what is said, to read it aloud or record it.",
    "render": "Render scenes as video.",
    "film": "Join all scenes into one film, with chapters and captions.",
    "export": "Make a folder of pages and clips, for a class or a course.",
    "present": "Make pages to teach with, which wait after every beat.",
    "translate": "Begin a language, or update or check its catalogue.",
    "train": "Train a network and save it as a checkpoint.",
    "import": "Make a checkpoint from a network that was trained elsewhere.",
    "export-network": "Write a network as ONNX, safetensors or JSON.",
    "evaluate": "Show how well a network reads digits, and where it fails.",
    "live": "Draw a scene again whenever its network or the code changes.",
    "compare": "Show two networks side by side, as a clip and a still.",
    "gallery": "Draw every mobject and animation of the kit in one picture.",
    "doctor": "Check that this machine has everything that is needed.",
    "test": "Check the code: ruff, mypy and pytest.",
}


def module_of(command: str) -> str:
    """The module of a command; `import` cannot be the name of a module, and no name there has a hyphen."""
    return f"lesson.cli.{'import_network' if command == 'import' else command.replace('-', '_')}"


class Commands(click.Group):
    """A group whose commands are modules of `lesson.cli`, each with the attribute `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(module_of(cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command {args[0]}; {_nearest(args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _nearest(name: str) -> str:
    from network.errors import nearest

    near = nearest(name, COMMANDS)
    return f"did you mean {near}?" if near else f"the commands are {', '.join(COMMANDS)}"


def _print_version(ctx: click.Context, option: click.Parameter, is_given: bool) -> None:
    if is_given:
        from importlib.metadata import version

        click.echo(f"knobs {version('knobs')}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, help="After an error, print a traceback.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
def cli(verbose: bool) -> None:
    """Make clips, pages and a film about a real neural network that reads handwritten digits.

    Start with: ./knobs lesson
    """
    if verbose:
        from scenes.settings import DEBUG

        os.environ[DEBUG] = "1"  # also for the processes that a command starts


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code: 1 after an error, 2 if it was called wrongly."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _calm_environment()
    limit_matrix_threads()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without × or ✓ shows a question mark
    try:
        result = cli.main(words, prog_name="knobs", standalone_mode=False)
        # click returns the code of ctx.exit(); what a command itself returns is not a code.
        code = result if isinstance(result, int) else 0
        if sys.stdout is not None:  # as it is where the standard output was closed
            sys.stdout.flush()
    except BaseException as problem:
        if isinstance(problem, BrokenPipeError) or getattr(problem, "errno", None) == errno.EPIPE:
            # The reader has gone, as `head` does; nobody reads a message.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if isinstance(problem, SystemExit):
            raise
        if isinstance(problem, click.exceptions.NoArgsIsHelpError):
            click.echo(problem.format_message())  # the help of `knobs` alone is no error
            sys.exit(0)
        from scenes.settings import shows_tracebacks

        code, sentence = explain(problem)
        if shows_tracebacks() or "--verbose" in words:
            import traceback

            traceback.print_exc()
        click.echo(f"knobs: {sentence}", err=True)
    sys.exit(code)


def _calm_environment() -> None:
    """Do without variables that libraries below would fail on."""
    for setting in unusable_threads():
        click.echo(
            f"knobs: {setting} is not a number of threads, so it is not used; write a whole number from 1", err=True
        )
    if "error" in os.environ.get("PYTHONWARNINGS", ""):
        # Meant for a program of the user's own: here, a warning of any library would end the command.
        del os.environ["PYTHONWARNINGS"]
        sys.warnoptions.clear()  # which processes that it starts would be given
        warnings.filters[:] = [one for one in warnings.filters if one[0] != "error"]  # type: ignore[index]


def explain(problem: BaseException) -> tuple[int, str]:
    """The exit code and the one sentence for an exception."""
    from network import errors

    if isinstance(problem, KeyboardInterrupt | click.Abort):
        return 130, "interrupted"
    if isinstance(problem, click.UsageError):
        context = problem.ctx
        see = f" (see {context.command_path.replace('knobs', './knobs', 1)} --help)" if context else ""
        return 2, errors.one_line(problem.format_message()) + see
    if isinstance(problem, click.ClickException):
        return problem.exit_code, errors.one_line(problem.format_message())
    return 1, errors.explain(problem)
