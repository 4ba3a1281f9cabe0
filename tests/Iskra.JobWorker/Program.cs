using System.Globalization;
using Iskra.JobWorker;
using Iskra.Platform.Data;
using Iskra.Platform.Events;
using Iskra.Platform.Hosting;
using Iskra.Platform.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A worker for tests that kill it: FOLDER CONNECTION-STRING-OR-DASH JOBS. Enqueues jobs, runs them for ever, says "running" when all do.
DataOptions data = new() { Folder = args[0], Database = args[1] == "-" ? null : args[1] };
int jobs = int.Parse(args[2], CultureInfo.InvariantCulture);
await using Database database = await Database.OpenAsync(data, [], StoreAccess.Exclusive);
EndlessJob handler = new();
ServiceCollection services = new();
services.AddLogging();
services.AddSingleton(_ => database);
IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables("WORKER__").Build();
services.AddIskraEvents(configuration);
services.AddIskraJobs(configuration);
services.AddSingleton(handler);
services.AddJobType<EndlessJob>(new JobTypeOptions { Name = "test.work", WorkersMin = jobs, WorkersMax = jobs });
await using ServiceProvider provider = services.BuildServiceProvider();
foreach (IHostedService service in provider.GetServices<IHostedService>())
{
    await service.StartAsync(CancellationToken.None);
}

JobQueue queue = provider.GetRequiredService<JobQueue>();
await Task.WhenAll(Enumerable.Range(0, jobs).Select(number => queue.EnqueueAsync(
    new JobRequest { Type = "test.work", Payload = number.ToString(CultureInfo.InvariantCulture) })));
await handler.WaitAsync(jobs);
await Console.Out.WriteLineAsync("running");
await Task.Delay(Timeout.InfiniteTimeSpan);
