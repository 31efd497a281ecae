// A user of the desk, and the way in.

let users = 0;

// By the address.
export async function addUser(stack, role) {
  users += 1;
  const email = `user${users}-${process.pid}@club.example`;
  await stack.command(
    'desk', 'add', '--name', 'Ruth Ames', '--email', email, '--role', role,
  );
  return email;
}

export async function askForLink({ page, site }, email) {
  await page.goto(`${site}/desk/`);
  await page.getByLabel('Email address').fill(email);
  await page.keyboard.press('Enter');
}

export async function signIn(visit, stack, role) {
  const email = await addUser(stack, role);
  await askForLink(visit, email);
  await visit.heading('Look at your mail');
  await visit.page.goto(await stack.mailedLink(email));
  await visit.press('Sign in');
  await visit.heading('Today');
}
