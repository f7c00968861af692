using Wellmet.Faults.Child;

return args is ["append", .. var rest]
    ? await Appender.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
