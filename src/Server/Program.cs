using Wellmet.Server;

return await CommandLine.RunAsync(args);
